"""The product's target file, filled in for one database:  python target.py DATABASE PORT CASE OPEN_CASE DOCUMENT [PAGE ...]

With pages named, only those: what else that database could show is not asked of it.
"""

import json
import os
import sys

database, port, case, open_case, document, *pages = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
text = open(os.path.join(here, "product.json")).read()
for name, value in {"$CASE": case, "$OPEN_CASE": open_case, "$DOCUMENT": document, ":8110": f":{port}"}.items():
    text = text.replace(name, value)
spec = json.loads(text)
spec["name"] = spec["database"] = database
spec["env"]["DATABASE_URL"] = spec["env"]["DATABASE_URL"].replace("/product", f"/{database}")
if pages:
    spec["pages"] = {name: spec["pages"][name] for name in pages}
path = os.path.join(os.environ["BENCH_DIR"], f"{database}.json")
with open(path, "w") as f:
    json.dump(spec, f, indent=1)
print(path)
