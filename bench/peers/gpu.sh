#!/usr/bin/env bash
# Checks and times Jarn on a GPU, then times PyTorch on the same card: bench/peers/gpu.sh [--device cuda|cpu] [--quick] [--only TEXT]
# Writes jarn-gpu.json and torch-gpu.json into the current folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-/usr/bin/python3}
dotnet build -c Release --nologo -v quiet "$here/../Jarn.Bench"
dotnet "$here/../Jarn.Bench/bin/Release/net10.0/Jarn.Bench.dll" gpu --json jarn-gpu.json "$@"
if ! "$python" -c 'import torch' 2>/dev/null; then
  echo "gpu.sh: PyTorch was not timed, because $python does not have it; install it or set PYTHON to an interpreter that has it" >&2
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
