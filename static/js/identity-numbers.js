/* Norwegian identity numbers in free text, pointed out before anything is sent.

   The twin of kvalitetslosen/identity_numbers.py: same rules, same names, held to the same tests
   (tests/rules/identity_numbers.json); why each rule is as it is stands there. The server refuses what gets past here.

   For a page: <textarea data-guard> or <input data-guard> (files too: their names), and once per page the <template> of
   templates/components/identity_numbers.html, which has all the words. Nothing that is found is stored or logged.

   For other scripts: identityNumbers.find(text, {names, phones}), .blocks(text), .redact(text, mark); offsets count
   UTF-16 units, as everywhere in JavaScript. A draft kept on the device goes through redact first. */
(() => {
  "use strict";

  const HIGH = "high";
  const MEDIUM = "medium";
  const LOW = "low";
  const KINDS = [
    "national", "d_number", "h_number", "fh_number", "synthetic", "possible", "duf_number", "birth_date", "phone",
    "email", "car_plate", "address", "room", "name", "diagnosis",
  ];
  const SERVICE_PHONES = new Set(["73199700", "22591300"]);

  // Python's \w and [\W_] in Unicode mode.
  const WORD = String.raw`[\p{L}\p{N}_]`;
  const MARK = String.raw`[^\p{L}\p{N}]`;
  const pattern = (source, flags = "") => new RegExp(source, `u${flags}`);

  const matchAt = (expression, text, position) => {
    expression.lastIndex = position;
    return expression.exec(text);
  };

  /** Everything in the text that points to a person, in order; no two overlap. */
  function find(text, { names = [], phones = [] } = {}) {
    const { folded, starts, ends } = fold(text);
    const hits = [
      ...numbers(folded),
      ...dufNumbers(folded),
      ...birthDates(folded),
      ...phoneNumbers(folded, new Set(phones)),
      ...hints(folded),
      ...(names.length || names.size ? namesIn(folded, names) : []),
    ];
    return withoutOverlaps([...located(hits, starts, ends), ...numbersReadApart(text)]);
  }

  /** Does the text hold an identity number, so that it can't be stored? */
  function blocks(text) {
    return certain(text).length > 0;
  }

  /** The text with the mark (which has no digits) in the place of every identity number. */
  function redact(text, mark) {
    if (/\p{N}/u.test(mark)) throw new RangeError("The mark can't hold digits.");
    for (let found = certain(text); found.length; found = certain(text)) {
      for (const { start, end } of found.reverse()) text = text.slice(0, start) + mark + text.slice(end);
    }
    return text;
  }

  function certain(text) {
    const { folded, starts, ends } = fold(text);
    const found = [...located([...numbers(folded)], starts, ends), ...numbersReadApart(text)];
    return withoutOverlaps(found.filter((finding) => finding.level === HIGH));
  }

  // Reading: one spelling for all the ways to write a digit, a space and a dash

  const PLAIN = /^[\t-\r -~]*$/;
  const LINE_END = /[\u0085\u2028\u2029]/;
  const IGNORED = /[\p{Cf}\p{Cc}\p{Mn}\p{Me}\u115f\u1160\u3164\uffa0]/u;
  const DIGIT = /\p{Nd}/u;
  const spellings = new Map();

  /** How the character reads joined to its neighbours, and how it reads when it keeps them apart. */
  function spelled(character) {
    let spelling = spellings.get(character);
    if (!spelling) {
      spelling = spell(character);
      spellings.set(character, spelling);
    }
    return spelling;
  }

  function spell(character) {
    if (PLAIN.test(character)) return [character, character];
    if (LINE_END.test(character)) return ["\n", "\n"];
    if (IGNORED.test(character)) return ["", " "];
    let joined = "";
    for (const part of character.normalize("NFKC")) {
      if (DIGIT.test(part)) joined += digitOf(part);
      else if (/[\p{Pd}\u2212]/u.test(part)) joined += "-";
      else if (/\p{Zs}/u.test(part)) joined += " ";
      else if (!IGNORED.test(part)) joined += part;
    }
    if (!/[0-9]/.test(joined)) {
      joined = [...joined][0] || " ";
      return [joined, joined];
    }
    return [joined, DIGIT.test(character) ? joined : " "];
  }

  /** Digits come in rows of ten, from 0 up, in every script. */
  function digitOf(character) {
    const code = character.codePointAt(0);
    let before = 0;
    while (DIGIT.test(String.fromCodePoint(code - before - 1))) before += 1;
    return String(before % 10);
  }

  function fold(text) {
    if (PLAIN.test(text)) return { folded: text };
    const starts = [];
    const ends = [];
    const folded = [];
    let position = 0;
    for (const character of text) {
      const end = position + character.length;
      const [joined] = spelled(character);
      if (!joined && folded.length) {
        const composed = (folded[folded.length - 1] + character).normalize("NFC");
        if ([...composed].length === 1 && composed.length === folded[folded.length - 1].length) {
          folded[folded.length - 1] = composed;
        }
      }
      for (const part of joined) {
        folded.push(part);
        for (let unit = 0; unit < part.length; unit += 1) {
          starts.push(position);
          ends.push(end);
        }
      }
      position = end;
    }
    return { folded: folded.join(""), starts, ends };
  }

  function located(hits, starts, ends) {
    return hits.map(([kind, level, start, end]) => ({
      kind,
      level,
      start: starts ? starts[start] : start,
      end: ends ? ends[end - 1] : end,
    }));
  }

  function numbersReadApart(text) {
    if (PLAIN.test(text)) return [];
    const starts = [];
    const ends = [];
    let apart = "";
    let differs = false;
    let position = 0;
    for (const character of text) {
      const [joined, kept] = spelled(character);
      differs ||= joined !== kept;
      apart += kept;
      for (let unit = 0; unit < kept.length; unit += 1) {
        starts.push(position);
        ends.push(position + character.length);
      }
      position += character.length;
    }
    return differs ? located([...numbers(apart)], starts, ends) : [];
  }

  function withoutOverlaps(findings) {
    const certainty = { [HIGH]: 0, [MEDIUM]: 1, [LOW]: 2 };
    const ranked = [...findings].sort(
      (a, b) =>
        certainty[a.level] - certainty[b.level] ||
        a.start - b.start ||
        b.end - a.end ||
        KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind),
    );
    const chosen = [];
    for (const finding of ranked) {
      let [place, high] = [0, chosen.length];
      while (place < high) {
        const middle = (place + high) >> 1;
        if (chosen[middle].start < finding.end) place = middle + 1;
        else high = middle;
      }
      if (place === 0 || chosen[place - 1].end <= finding.start) chosen.splice(place, 0, finding);
    }
    return chosen;
  }

  // Identity numbers, and what may be one

  const SEPARATOR = String.raw`[ \t\n\r\f\v./_·|\-]{1,3}`;
  const DATE = `[0-9]{6}|[0-9]{8}|[0-9]{1,2}${SEPARATOR}[0-9]{1,2}${SEPARATOR}(?:[0-9]{2}|[0-9]{4})`;
  const BETWEEN = `${MARK}{0,12}(?:(?:personnummer|personnr|persnr|pnr|fnr)${MARK}{1,4})?`;
  const NUMBER = pattern(
    `(?<![0-9])(?=(${DATE})(${BETWEEN})([0-9]{5}|[0-9]{3} [0-9]{2})(?![0-9]))`, "gi",
  );
  const CHAIN = pattern(`(?<![0-9])[0-9]+(?:${SEPARATOR}[0-9]+)+`, "g");
  const GAP = /([^0-9]+)/;
  const LENGTH = 11;
  const LONGEST_CHAIN = LENGTH + 3 * (LENGTH - 1);
  const CALENDAR = /^(?:[0-9]{1,2}-[0-9]{1,2}-(?:19|20)[0-9]{2}-|(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]-)/;
  const BANK_ACCOUNT = "4-2-5";

  const USUAL_DATE = /^(?:[0-9]{6}|[0-9]{2}[ .][0-9]{2}[ .][0-9]{2})$/;
  const USUAL_GAP = /^[ \t\n\r\f\v.-]?$/;
  const PERSON_WORD = "(?:(?:fødsels|person)(?:nr|nummer|nummeret)|fnr|persnr|pnr|[dh]-?(?:nr|nummer))";
  const IS = `${MARK}{0,4}(?:(?:er|var|nr|nummer)${MARK}{1,3})?`;
  const PERSON_WORD_BEFORE = pattern(`(?<!${WORD})${PERSON_WORD}${IS}$`, "i");
  const OTHER_WORD_BEFORE = pattern(
    `(?<!${WORD})(?:konto|bankkonto|kid|giro|faktura|ordre|bestilling|bestillings|kunde|prosjekt|ref|referanse|sak|saks|` +
      "arkivsak|jnr|journalpost|vare|artikkel|serie|chassis|måler|målepunkt|org|organisasjons|gtin|ean|imei|lot|batch|" +
      `strekkode|nok|kr|beløp|sum)-?(?:nr|nummer|nummeret|id)?${IS}$`,
    "i",
  );
  const LOOK_BACK = 32;

  function* numbers(folded) {
    for (const match of folded.matchAll(NUMBER)) {
      const [, date, gap, rest] = match;
      const start = match.index;
      const end = start + date.length + gap.length + rest.length;
      const head = ddmmyy(date);
      if (!head) continue;
      const [kind] = kindOf(head + rest.replace(" ", ""));
      if (kind) yield [kind, HIGH, start, end];
      else if (calledANumber(folded, start) || (mistyped(date, gap, rest) && !countsSomethingElse(folded, start))) {
        yield ["possible", MEDIUM, start, end];
      }
    }
    for (const match of folded.matchAll(CHAIN)) {
      const chain = match[0];
      if (chain.length <= LONGEST_CHAIN && chain.replace(/[^0-9]/g, "").length === LENGTH) {
        yield* chained(folded, chain, match.index);
      }
    }
  }

  function* chained(folded, chain, start) {
    const parts = chain.split(GAP);
    const groups = parts.filter((_, place) => place % 2 === 0);
    const gaps = parts.filter((_, place) => place % 2 === 1);
    const [kind, exact] = kindOf(groups.join(""));
    if (!kind || !evenlyGrouped(groups, gaps) || folded[start - 1] === "+") return;
    const end = start + chain.length;
    if (groups.map((group) => group.length).join("-") === BANK_ACCOUNT) {
      if (exact && kind !== "fh_number" && !countsSomethingElse(folded, start)) yield ["possible", MEDIUM, start, end];
    } else if (exact) yield [kind, HIGH, start, end];
    else yield ["possible", MEDIUM, start, end];
  }

  function evenlyGrouped(groups, gaps) {
    if (CALENDAR.test(groups.join("-"))) return false;
    const marks = gaps.map((gap) => gap.trim() || " ");
    if (new Set(marks).size === 1) return true;
    const ends = gaps.map((_, place) => groups.slice(0, place + 1).join("").length);
    const place = ends.indexOf("ddmmyy".length);
    return place >= 0 && new Set(marks.slice(0, place)).size <= 1 && new Set(marks.slice(place + 1)).size <= 1;
  }

  function ddmmyy(date) {
    const parts = date.split(GAP);
    const [day, month, year] =
      parts.length === 1 ? [date.slice(0, 2), date.slice(2, 4), date.slice(4)] : [parts[0], parts[2], parts[4]];
    if (year.length === 4 && (year < "1850" || year > "2099")) return "";
    return day.padStart(2, "0") + month.padStart(2, "0") + year.slice(-2);
  }

  const FIRST_WEIGHTS = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
  const SECOND_WEIGHTS = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

  const remainder = (weights, digits) =>
    weights.reduce((sum, weight, place) => sum + weight * Number(digits[place]), 0) % 11;

  function kindOf(digits) {
    const first = remainder(FIRST_WEIGHTS, digits);
    if (first > 3 || remainder(SECOND_WEIGHTS, digits)) return [null, false];
    if (digits[0] === "8" || digits[0] === "9") return [first ? null : "fh_number", !first];
    return [kindOfDate(digits), !first];
  }

  function kindOfDate(digits) {
    let day = Number(digits.slice(0, 2));
    let month = Number(digits.slice(2, 4));
    let kind = "national";
    if (day > 40) {
      day -= 40;
      kind = "d_number";
    }
    for (const [offset, shifted] of [[80, "synthetic"], [65, "synthetic"], [40, "h_number"]]) {
      if (month > offset && month <= offset + 12) {
        month -= offset;
        kind = shifted;
        break;
      }
    }
    const leap = Number(digits.slice(4, 6)) % 4 === 0;
    return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(month, leap) ? kind : null;
  }

  function daysIn(month, leap) {
    if (month === 2) return leap ? 29 : 28;
    return [4, 6, 9, 11].includes(month) ? 30 : 31;
  }

  function mistyped(date, gap, rest) {
    const digits = ddmmyy(date) + rest;
    return (
      USUAL_DATE.test(date) &&
      USUAL_GAP.test(gap) &&
      !rest.includes(" ") &&
      !"89".includes(digits[0]) &&
      kindOfDate(digits) !== null &&
      remainder(SECOND_WEIGHTS, digits) !== 0
    );
  }

  const before = (folded, start) => folded.slice(Math.max(0, start - LOOK_BACK), start);
  const calledANumber = (folded, start) => PERSON_WORD_BEFORE.test(before(folded, start));
  const countsSomethingElse = (folded, start) => OTHER_WORD_BEFORE.test(before(folded, start));

  const DUF = /(?<![0-9])((?:19[89]|20[0-9])[0-9])([ -]?)([0-9]{6})([ -]?)([0-9]{2})(?![0-9])/g;
  const MOMENT = /^[0-9]{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])[0-5][0-9]$/;
  const DUF_WORD_BEFORE = pattern(`(?<!${WORD})duf-?(?:nr|nummer|nummeret)?${IS}$`, "i");
  const DUF_WEIGHTS = [4, 6, 3, 2, 4, 6, 3, 2, 7, 5];

  function* dufNumbers(folded) {
    for (const match of folded.matchAll(DUF)) {
      const start = match.index;
      const digits = match[1] + match[3] + match[5];
      const right = remainder(DUF_WEIGHTS, digits) === Number(digits.slice(10));
      const written = (match[2] && match[4]) || (right && !MOMENT.test(digits));
      if (DUF_WORD_BEFORE.test(before(folded, start)) || (written && !countsSomethingElse(folded, start))) {
        yield ["duf_number", MEDIUM, start, start + match[0].length];
      }
    }
  }

  const BORN = "(?:født|fødd|fødselsdato|fødselsdatoen|fødselsdag|fødselsdagen|born|dob)";
  const BIRTH_DATE = pattern(`(?<![0-9])(?<![0-9][./\\-])(?=(${DATE})(?![0-9]))`, "g");
  const BIRTH_WORD_BEFORE = pattern(
    `(?<!${WORD})(?:${BORN}|${PERSON_WORD}|f(?=[.:]))(?!${WORD})${MARK}{0,4}(?:(?:den|dato|nr|er|var|i|on)${MARK}{1,3}){0,2}$`,
    "i",
  );
  const BIRTH_WORD_AFTER = pattern(`[ ,(/\\-]{1,3}(?:${BORN}|${PERSON_WORD})(?!${WORD})`, "iy");

  function* birthDates(folded) {
    for (const match of folded.matchAll(BIRTH_DATE)) {
      const start = match.index;
      const end = start + match[1].length;
      const date = ddmmyy(match[1]);
      const called = BIRTH_WORD_BEFORE.test(before(folded, start)) || matchAt(BIRTH_WORD_AFTER, folded, end);
      if (date && called && kindOfDate(date)) yield ["birth_date", MEDIUM, start, end];
    }
  }

  const PHONE = pattern(
    `(?<![\\p{L}\\p{N}_/=#])(?<![0-9][.,/\\-])((?:(?:\\+|00)47[ \\-]?)?)` +
      "([2-9][0-9]{7}|[2-9][0-9]{2}[ .\\-][0-9]{2}[ .\\-][0-9]{3}|[2-9][0-9](?:[ \\-][0-9]{2}){3})(?![0-9])(?![.,/\\-][0-9])",
    "g",
  );
  const FOREIGN_PHONE = pattern(`(?<!${WORD})\\+(?!47)[1-9][0-9](?:[ \\-]?[0-9]){6,13}(?![0-9])`, "g");
  const AMOUNT_AFTER = pattern(` ?(?:kr|kroner|nok|,-)(?!${WORD})`, "iy");
  const PAIRS = /^[0-9]{2}(?:[ -][0-9]{2}){3}$/;

  function* phoneNumbers(folded, excepted) {
    for (const match of folded.matchAll(PHONE)) {
      const start = match.index;
      const end = start + match[0].length;
      const digits = match[2].replace(/[^0-9]/g, "");
      const rowOfPairs =
        PAIRS.test(match[2]) &&
        (/[0-9][ -]$/.test(folded.slice(Math.max(0, start - 2), start)) || /^[ -][0-9]/.test(folded.slice(end, end + 2)));
      if (
        !SERVICE_PHONES.has(digits) &&
        !excepted.has(digits) &&
        !rowOfPairs &&
        !isADay(digits) &&
        !matchAt(AMOUNT_AFTER, folded, end) &&
        !countsSomethingElse(folded, start)
      ) {
        yield ["phone", MEDIUM, start, end];
      }
    }
    for (const match of folded.matchAll(FOREIGN_PHONE)) {
      yield ["phone", MEDIUM, match.index, match.index + match[0].length];
    }
  }

  function isADay(digits) {
    const readings = [
      [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)],
      [digits.slice(6), digits.slice(4, 6), digits.slice(0, 4)],
    ].map((reading) => reading.map(Number));
    return readings.some(
      ([day, month, year]) =>
        year >= 1900 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(month, true),
    );
  }

  // Hints

  const MAIL_NAME = /[\p{L}\p{N}_.+\-]{1,64}$/u;
  const MAIL_HOST = /[\p{L}\p{N}_\-]{1,63}(?:\.[\p{L}\p{N}_\-]{1,63}){1,5}/uy;
  const SHARED_MAILBOX = /^(?:post|postmottak|firmapost|support|noreply|no-reply)$/i;
  const INITIALS = "(?:[A-ZÆØÅ]\\.){2,3}|[A-ZÆØÅ]\\. [A-ZÆØÅ]\\.|[A-ZÆØÅ]{2,3}";
  const ROOM = `(?:[Rr]om|[Rr]ommet|[Rr]omnr\\.?|[Ll]eilighet|[Ll]eilegheit) [0-9]{1,4}[A-Za-z]?(?!${WORD})`;
  const STREET = "veien|vegen|vei|veg|gata|gaten|gate|alléen|allé|svingen|stien|ringen|torget";
  const HINTS = [
    ["car_plate", `(?<!${WORD})(?!NS|EN|NO)[A-Z]{2} ?[0-9]{5}(?!${WORD})`],
    [
      "address",
      `(?<!${WORD})[A-ZÆØÅ][A-Za-zÆØÅæøåé]{0,30} ?(?:${STREET}| plass) [0-9]{1,3}(?: ?[A-Za-z])?(?!${WORD})`,
    ],
    ["room", `(?<!${WORD})${ROOM}[ ,:(\\-]{1,3}(?:${INITIALS})(?!${WORD})`],
    ["room", `(?<!${WORD})(?:${INITIALS})[ ,:)\\-]{1,3}(?:(?:på|in|i) )?${ROOM}`],
  ].map(([kind, source]) => [kind, pattern(source, "g")]);
  const DIAGNOSIS = pattern(
    `(?<!${WORD})(?:alzheimer|demens|dement|diabet|sukkersyk|sukkersjuk|kreft|epilep|kols|parkinson|schizofren|psykose|` +
      "psykotisk|bipolar|depresjon|deprimert|angst|selvmord|sjølvmord|hiv|hepatitt|autis|adhd|utviklingshem|hjerneslag|" +
      `hjertesvikt|hjartesvikt|hjerteinfarkt|hjarteinfarkt|anoreksi|rusavheng|alkoholavheng)${WORD}{0,20}`,
    "gi",
  );
  const SOMEBODY = pattern(
    `(?<!${WORD})(?:[0-9]{1,3} ?år|[0-9]{2,3}-?åring(?:en)?|kvinne[nr]?|kvinna|menn|mann(?:en)?|gutt?(?:en)?|jente[nr]?|` +
      `jenta|dame[nr]?|dama)(?!${WORD})`,
    "i",
  );
  const DOTTED_INITIALS = pattern(`(?<!${WORD})[A-ZÆØÅ]\\. ?[A-ZÆØÅ]\\.`);
  const NEAR = 60;

  function* hints(folded) {
    for (let at = folded.indexOf("@"); at >= 0; at = folded.indexOf("@", at + 1)) {
      const host = matchAt(MAIL_HOST, folded, at + 1);
      const name = host && MAIL_NAME.exec(folded.slice(Math.max(0, at - 64), at));
      if (name && !SHARED_MAILBOX.test(name[0])) {
        yield ["email", LOW, at - name[0].length, at + 1 + host[0].length];
      }
    }
    for (const [kind, expression] of HINTS) {
      for (const match of folded.matchAll(expression)) yield [kind, LOW, match.index, match.index + match[0].length];
    }
    for (const match of folded.matchAll(DIAGNOSIS)) {
      const end = match.index + match[0].length;
      const around = folded.slice(Math.max(0, match.index - NEAR), end + NEAR);
      if (SOMEBODY.test(around) || DOTTED_INITIALS.test(around)) yield ["diagnosis", LOW, match.index, end];
    }
  }

  const NAME_WORD = /[\p{L}]+/gu;

  function* namesIn(folded, names) {
    const wanted = new Set();
    for (const name of names) {
      for (const [word] of fold(name).folded.matchAll(NAME_WORD)) if (word.length > 1) wanted.add(word.toLowerCase());
    }
    for (const match of folded.matchAll(NAME_WORD)) {
      const word = match[0].toLowerCase();
      const capital = /^\p{Lu}/u.test(match[0]);
      if (capital && (wanted.has(word) || wanted.has(word.replace(/s$/, "")))) {
        yield ["name", LOW, match.index, match.index + match[0].length];
      }
    }
  }

  // On the page

  const PAUSE = 400; // milliseconds without typing before anything is said
  const STATEMENT = "guard-kept";
  const GUARDED = "textarea[data-guard], input[data-guard]";
  const messages = () => document.getElementById("identity-number-messages");
  const states = new WeakMap();
  let fieldsMet = 0;

  /** What is known of a field: where its messages stand, what the writer has answered. Lives in memory only. */
  function stateOf(field) {
    let state = states.get(field);
    if (!state) {
      const area = document.createElement("div");
      fieldsMet += 1;
      area.id = `identity-numbers-${fieldsMet}`;
      // There before anything is said in it, or a screen reader won't say it; a moved position alone isn't news.
      area.setAttribute("aria-live", "polite");
      area.setAttribute("aria-relevant", "additions");
      (field.closest("label") || field).after(area);
      const described = field.getAttribute("aria-describedby");
      field.setAttribute("aria-describedby", described ? `${described} ${area.id}` : area.id);
      state = { area, kept: new Set(), stopped: new Set(), shown: "", findings: [], marked: false, timer: 0 };
      area.addEventListener("click", (event) => answer(field, event));
      states.set(field, state);
    }
    return state;
  }

  const keyOf = (field, { kind, start, end }) => `${kind}:${field.value.slice(start, end)}`;

  function check(field) {
    const state = stateOf(field);
    clearTimeout(state.timer);
    if (field.type === "file") {
      const refused = [...field.files].some((file) => blocks(file.name));
      state.findings = refused ? [{ kind: "filename", level: HIGH, start: 0, end: 0 }] : [];
    } else {
      const phones = (messages()?.dataset.phones || "").split(" ").filter(Boolean);
      let uncertain = -1;
      state.findings = find(field.value, { phones }).map((finding) => {
        const key = keyOf(field, finding);
        uncertain += finding.level === MEDIUM;
        return { ...finding, key, n: uncertain, kept: finding.level === MEDIUM && state.kept.has(key) };
      });
    }
    show(field, state);
    return state;
  }

  function show(field, state) {
    const open = state.findings.filter((finding) => !finding.kept);
    const blocked = open.some((finding) => finding.level === HIGH);
    if (blocked) field.setAttribute("aria-invalid", "true");
    else if (state.marked) field.removeAttribute("aria-invalid");
    state.marked = blocked;

    const shown = open.map((finding) => `${finding.level} ${finding.key}`).join("\n");
    if (shown !== state.shown || !open.length) state.area.replaceChildren(...sections(open));
    state.shown = shown;
    const rows = state.area.querySelectorAll("[data-finding]");
    rows.forEach((row) => place(row, open[Number(row.dataset.finding)]));
  }

  /** One message for each sort of finding, the findings as rows in it. */
  function sections(open) {
    const bySort = new Map();
    open.forEach((finding, place) => {
      const model = modelFor(finding);
      if (!model) return;
      if (!bySort.has(model)) {
        const section = model.cloneNode(true);
        section.querySelector("[data-finding]")?.remove();
        section.tabIndex = -1;
        bySort.set(model, section);
      }
      const row = model.querySelector("[data-finding]")?.cloneNode(true);
      if (row) {
        row.dataset.finding = place;
        bySort.get(model).querySelector("[data-findings]").append(row);
      }
    });
    return [...bySort.values()];
  }

  function modelFor({ kind, level }) {
    const content = messages()?.content;
    return content?.querySelector(`[data-message="${kind}"]`) || content?.querySelector(`[data-message="${level}"]`);
  }

  function place(row, finding) {
    const words = modelFor(finding).querySelector("[data-show]")?.textContent;
    const target = row.querySelector("[data-show]");
    if (!target) return;
    const text = words.replace("{start}", finding.start + 1).replace("{end}", finding.end);
    if (target.textContent !== text) target.textContent = text;
    target.id ||= `${row.closest("[aria-live]").id}-${row.dataset.finding}`;
    for (const button of row.querySelectorAll("[data-remove], [data-keep]")) {
      button.setAttribute("aria-describedby", target.id);
    }
  }

  function answer(field, event) {
    const button = event.target.closest("button");
    const row = button?.closest("[data-finding]");
    if (!row) return;
    // Anew: the text may have changed since the row was drawn, and the wrong characters must not go.
    const state = states.get(field);
    const seen = state.findings.filter((finding) => !finding.kept)[Number(row.dataset.finding)];
    const finding = check(field).findings.find(({ key, kept }) => key === seen.key && !kept);
    if (!finding) return;
    if (button.matches("[data-show]")) {
      field.focus();
      field.setSelectionRange(finding.start, finding.end);
      return;
    }
    if (button.matches("[data-remove]")) remove(field, finding);
    else if (button.matches("[data-keep]") && finding.level === MEDIUM) state.kept.add(finding.key);
    check(field);
    field.focus();
  }

  function remove(field, { start, end }) {
    if (field.type === "file") {
      field.value = "";
    } else {
      const spaceBefore = start === 0 || /\s/.test(field.value[start - 1]);
      field.setRangeText("", start, spaceBefore && field.value[end] === " " ? end + 1 : end, "end");
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (field.type === "file") field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Stops what can't be sent, and once what may be wrong; otherwise lets the form tell what the writer has answered. */
  function stops(form) {
    if (!messages()) return false;
    const fields = [...form.elements].filter((element) => element.matches(GUARDED) && !element.disabled);
    let first = null;
    for (const field of fields) {
      const state = check(field);
      const reasons = state.findings.filter(
        ({ level, key, kept }) => level === HIGH || (level === MEDIUM && !kept && !state.stopped.has(key)),
      );
      if (reasons.length) first ||= state.area.firstElementChild || field;
      for (const { level, key } of reasons) if (level === MEDIUM) state.stopped.add(key);
    }
    if (first) {
      first.focus();
      return true;
    }
    for (const statement of form.querySelectorAll(`input[name="${STATEMENT}"]`)) statement.remove();
    for (const field of fields) {
      for (const { kind, n } of states.get(field).findings.filter(({ kept }) => kept)) {
        const statement = document.createElement("input");
        statement.type = "hidden";
        statement.name = STATEMENT;
        statement.value = `${field.name}:${kind}:${n}`;
        form.append(statement);
      }
    }
    return false;
  }

  function prepare(root) {
    for (const field of root.querySelectorAll(GUARDED)) {
      stateOf(field);
      if (field.value) check(field);
    }
  }

  const guarded = (event) => (event.target instanceof Element && event.target.matches(GUARDED) ? event.target : null);

  if (typeof document !== "undefined") {
    document.addEventListener("input", (event) => {
      const field = guarded(event);
      if (!field) return;
      const state = stateOf(field);
      clearTimeout(state.timer);
      state.timer = setTimeout(check, PAUSE, field);
    });
    // Not for text: a message that appears as one presses "send" moves the button away under the finger.
    document.addEventListener("change", (event) => guarded(event)?.type === "file" && check(event.target));
    // First of all listeners, so that nothing else sends or locks the form when it stops here.
    document.addEventListener(
      "submit",
      (event) => {
        if (!stops(event.target)) return;
        event.preventDefault();
        event.stopImmediatePropagation();
      },
      true,
    );
    document.addEventListener("htmx:beforeRequest", (event) => {
      const { elt, requestConfig } = event.detail;
      const form = elt.closest("form");
      if (form && requestConfig?.verb !== "get" && stops(form)) event.preventDefault();
    });
    document.addEventListener("htmx:load", (event) => prepare(event.target));
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => prepare(document));
    else prepare(document);
  }

  globalThis.identityNumbers = Object.freeze({ find, blocks, redact });
})();
