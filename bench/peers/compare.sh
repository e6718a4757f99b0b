#!/usr/bin/env bash
# Compares Jarn with PyTorch on this machine's CPU, with two threads each: bench/peers/compare.sh [--quick] [--json FILE] [--only TEXT]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-/usr/bin/python3}
if ! "$python" -c 'import torch' 2>/dev/null; then
  echo "compare.sh: $python has no PyTorch; install it (Debian: python3-torch) or set PYTHON to an interpreter that has it" >&2
  exit 2
fi
dotnet build -c Release --nologo -v quiet "$here/../Jarn.Bench"
exec "$python" "$here/compare.py" "$@"
