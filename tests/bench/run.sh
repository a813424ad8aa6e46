#!/bin/bash
# The whole bench in one go:  tests/bench/run.sh [measure.py's options]
#   The floor and the product at 1,000,000 deviations, at 1,000, and (its report page) at 100,000, side by side. The first
#   time it loads them, which takes 10 to 30 minutes; measuring takes about 25. Needs Debian's postgresql, wrk and
#   wnorwegian, and the product's own .venv (make run or make test makes it). BENCH_DIR holds everything made;
#   BENCH_ONLY=large leaves the smaller ones out; BENCH_NICE=-15 on a shared machine.
#   Then 500 Word files are taken in (BENCH_INTAKE: how many).
#   `run.sh load` only loads what isn't there: so that it can be measured later, in a quiet hour.
#   Without options the tables go into README.md and docs/speed.md; with options they are only shown.
set -eu
cd "$(dirname "$0")"
export BENCH_ROOT; BENCH_ROOT=$(cd ../.. && pwd)
export BENCH_DIR=${BENCH_DIR:-${TMPDIR:-/tmp}/qms-bench} BENCH_PGPORT=${BENCH_PGPORT:-54329}
export BENCH_FLOOR_PORT=${BENCH_FLOOR_PORT:-8101}
export BENCH_PYTHON=${BENCH_PYTHON:-$BENCH_ROOT/.venv/bin/python}
for each in wrk psql "$BENCH_PYTHON"; do command -v "$each" >/dev/null || { echo "The bench needs $each." >&2; exit 1; }; done
mkdir -p "$BENCH_DIR"
[ -x "$BENCH_DIR/venv/bin/gunicorn" ] || { python3 -m venv "$BENCH_DIR/venv"; "$BENCH_DIR/venv/bin/pip" install -qr requirements.txt; }
PG=postgresql://bench@127.0.0.1:$BENCH_PGPORT
psql -qc "SELECT 1" "$PG/postgres" >/dev/null 2>&1 || { ./pg.sh start; trap "./pg.sh stop" EXIT; }
psql -qc "CREATE EXTENSION IF NOT EXISTS pg_stat_statements" "$PG/postgres"
FLOOR_PATH=$BENCH_DIR/venv/bin:$PATH
psql -qc "SELECT 1 FROM stat_month LIMIT 1" "$PG/floor" >/dev/null 2>&1 || PATH=$FLOOR_PATH ./floor/load.sh

# The product as in production: neither DEBUG nor DEMO, static files collected, cache and queue in Redis where one answers.
export DEBUG=0 DEMO=0 EMAIL_URL=filemail: SITE_URL=http://127.0.0.1:8110
export SECRET_KEY=${SECRET_KEY:-only-for-the-bench-only-for-the-bench-only-for-the-bench-0123456789}
export JOURNAL_KEY=${JOURNAL_KEY:-$SECRET_KEY} REDIS_URL=${REDIS_URL-redis://127.0.0.1:6379/9}
export EMAIL_URL=filemail: DATA_DIR=$BENCH_DIR/data STATIC_ROOT=$BENCH_DIR/static
product() { (cd "$BENCH_ROOT" && DATABASE_URL=postgres://bench@127.0.0.1:$BENCH_PGPORT/$1 "$BENCH_PYTHON" manage.py "${@:2}"); }
loaded() { psql -Atqc "SELECT 1 FROM documents_searchentry LIMIT 1" "$PG/$1" 2>/dev/null | grep -q 1; }
fill() { # database, load_volume's options
  loaded "$1" && { product "$1" migrate -v 0; return; }
  psql -qc "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1" "$PG/postgres"
  product "$1" migrate -v 0
  product "$1" load_volume "${@:2}"
}
# Cases of the leader's: one closed, and one in hand.
a_case() { psql -Atqc "SELECT reference FROM deviations_deviation WHERE level_1 = 2 AND state = '$2' ORDER BY id LIMIT 1 OFFSET 5" "$PG/$1"; }
# A document for everybody that everybody is asked to read.
a_document() { psql -Atqc "SELECT number FROM documents_document WHERE id IN (SELECT document_id FROM documents_readrequirement) ORDER BY id LIMIT 1" "$PG/$1"; }
target() { # database, port, the pages to measure if not all
  "$BENCH_PYTHON" target.py "$1" "$2" "$(a_case "$1" closed)" "$(a_case "$1" received)" "$(a_document "$1")" "${@:3}"
}
mkdir -p "$DATA_DIR"
ROWS=${BENCH_ROWS:-1000000}
fill product --deviations "$ROWS" --documents "${BENCH_DOCS:-50000}" --ticks $((ROWS * 5))
if [ "${BENCH_ONLY:-}" != large ]; then
  fill product_1000 --deviations 1000 --people 2000 --documents 500 --ticks 5000
  fill product_100000 --deviations 100000 --people 2000 --documents 500 --ticks 500000
fi
[ "${1:-}" != load ] || exit 0
product product collectstatic --noinput -v 0
TARGETS=(floor/target.json "$(target product 8110)")
[ "${BENCH_ONLY:-}" = large ] || TARGETS+=("$(target product_1000 8111)" "$(target product_100000 8112 stats)")
psql -qc "DELETE FROM audit WHERE report_id > ${BENCH_ROWS:-1000000}" -c "DELETE FROM report WHERE id > ${BENCH_ROWS:-1000000}" -c "DELETE FROM audit WHERE action = 'status'" \
     -c "VACUUM ANALYZE" -c CHECKPOINT "$PG/floor"
date -u +%F; lscpu | sed -n 's/^Model name: *//p'; nproc; psql -Atc "SHOW server_version" "$PG/floor"; "$BENCH_PYTHON" --version
[ -z "${BENCH_RAW:-}" ] || PATH=$FLOOR_PATH python floor/raw.py
PATH=$FLOOR_PATH python measure.py "${TARGETS[@]}" "$@" --out "$BENCH_DIR/results.json"
# 500 Word files become documents: without options, or where BENCH_INTAKE says how many.
[ $# -gt 0 ] && [ -z "${BENCH_INTAKE:-}" ] || {
  psql -qc "DROP DATABASE IF EXISTS intake" -c "CREATE DATABASE intake" "$PG/postgres"
  product intake migrate -v 0
  (cd "$BENCH_ROOT" && DATABASE_URL=postgres://bench@127.0.0.1:$BENCH_PGPORT/intake "$BENCH_PYTHON" -m tests.bench.intake "${BENCH_INTAKE:-500}" --out "$BENCH_DIR/intake.json")
}
# Figures: questions drawn at random, what is taken home, and reports sent while others are asked for. In a whole run, or
# with BENCH_FIGURES=1.
[ $# -gt 0 ] && [ -z "${BENCH_FIGURES:-}" ] || for each in questions taken_home beside; do
  (cd "$BENCH_ROOT" && DATABASE_URL=postgres://bench@127.0.0.1:$BENCH_PGPORT/product "$BENCH_PYTHON" -m tests.bench.$each --out "$BENCH_DIR/$each.json")
done
WRITE=
[ $# -gt 0 ] || [ -n "${BENCH_ONLY:-}" ] || WRITE=--write
python3 report.py "$BENCH_DIR/results.json" --intake "$BENCH_DIR/intake.json" --questions "$BENCH_DIR/questions.json" \
  --taken "$BENCH_DIR/taken_home.json" --beside "$BENCH_DIR/beside.json" $WRITE
