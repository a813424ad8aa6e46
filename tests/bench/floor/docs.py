"""Fill `para` (5,000 paragraphs) and `document` (50,000 procedures of ~3 kB) with Norwegian word salad.

Words come from Debian's wnorwegian list; their frequencies follow Zipf's law, so that a search can be
asked for rare and for common words: rank 200 is in a fifth of the documents, 2,000 in 2 %, 20,000 in 0.2 %.
"""

import itertools
import os
import random

import psycopg

DOCS = int(os.environ.get("BENCH_DOCS", 50_000))
rnd = random.Random(42)
with open("/usr/share/dict/bokmaal", encoding="latin-1") as f:
    words = [w for w in f.read().split() if w.isalpha() and 3 < len(w) < 13]
words = rnd.sample(sorted(words), 30_000)
weights = list(itertools.accumulate(1 / (r + 10) for r in range(len(words))))


def text(n):
    return " ".join(rnd.choices(words, cum_weights=weights, k=n))


db = psycopg.connect(os.environ["BENCH_DSN"])
cur = db.cursor()


def copy(table, rows):
    with cur.copy(f"COPY {table} FROM STDIN") as out:
        for row in rows:
            out.write_row(row)


def node():
    return 1 if rnd.random() < 0.6 else rnd.randrange(2, 112)


copy("para (i, t)", ((i, text(60)) for i in range(5_000)))
copy("document (id, node_id, title, body)", ((i, node(), text(6), text(290)) for i in range(DOCS)))
db.commit()
cur.execute("SELECT avg(length(body)) FROM document")
print(
    f"{DOCS} documents of {cur.fetchone()[0]:.0f} characters; words by rank:",
    {r: words[r] for r in (20, 200, 2_000, 20_000)},
)
