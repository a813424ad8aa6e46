"""Marks the Word reader leaves in a text for whoever cleans its HTML.

No text has these characters of its own: they are taken out of it first.
"""

import re

BEGIN, END = "\ue001", "\ue002"
NUMBERED = re.compile(f"{BEGIN}n([aAiI1])(\\d+){END}")
LEFT_OUT = re.compile(f"{BEGIN}x(\\w+){END}")
MARKS = re.compile("[\ue001\ue002]")
