#!/usr/bin/env bash
# Jarn on a GPU, numbers checked first, and PyTorch beside it on the same card: bench/peers/gpu.sh [--device cuda|cpu] [--quick] [--only TEXT]
# Leaves jarn-gpu.json and torch-gpu.json in the current folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-/usr/bin/python3}
dotnet build -c Release --nologo -v quiet "$here/../Jarn.Bench"
dotnet "$here/../Jarn.Bench/bin/Release/net10.0/Jarn.Bench.dll" gpu --json jarn-gpu.json "$@"
if ! "$python" -c 'import torch' 2>/dev/null; then
  echo "gpu.sh: $python has no PyTorch to set beside it: install it or name another interpreter in PYTHON" >&2
  exit 2
fi
torch=()
while [ $# -gt 0 ]; do
  case $1 in
    --device) torch+=(--device "$2"); shift ;;
    --quick) torch+=(--quick) ;;
  esac
  shift
done
exec "$python" "$here/torch_gpu.py" jarn-gpu.json --json torch-gpu.json "${torch[@]}"
