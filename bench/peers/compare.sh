#!/usr/bin/env bash
# Jarn beside PyTorch on this machine's CPU, two threads each, taking turns: bench/peers/compare.sh [--quick] [--json FILE] [--only TEXT]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-/usr/bin/python3}
if ! "$python" -c 'import torch' 2>/dev/null; then
  echo "compare.sh: $python has no PyTorch: install it (Debian: python3-torch) or name another interpreter in PYTHON" >&2
  exit 2
fi
dotnet build -c Release --nologo -v quiet "$here/../Jarn.Bench"
exec "$python" "$here/compare.py" "$@"
