#!/usr/bin/env bash
# Downloads NVIDIA's ptxas and nvdisasm to the folder where `jarn kernels` and the tests look for them: bench/cuda-tools.sh
# They are part of Debian's package nvidia-cuda-toolkit (section non-free, NVIDIA's licence). The package is downloaded (84 MB) and
# unpacked, not installed: this needs no root and no driver, and leaves the machine's package sources unchanged.
set -euo pipefail
folder=${XDG_CACHE_HOME:-$HOME/.cache}/jarn/cuda
suite=${DEBIAN_SUITE:-bookworm}
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

if [ -x "$folder/ptxas" ] && [ -x "$folder/nvdisasm" ]; then
  echo "cuda-tools.sh: ptxas and nvdisasm are already in $folder"
  exit 0
fi
for needed in apt-get dpkg; do
  command -v "$needed" >/dev/null || { echo "cuda-tools.sh: $needed was not found; set PTXAS and NVDISASM to the paths of the tools instead" >&2; exit 2; }
done
[ "$(dpkg --print-architecture)" = amd64 ] || { echo "cuda-tools.sh: the Debian package exists only for amd64" >&2; exit 2; }
[ -r "$keyring" ] || { echo "cuda-tools.sh: $keyring was not found; install the package debian-archive-keyring" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists/partial,cache/archives/partial,state,unpacked}
echo "deb [arch=amd64 signed-by=$keyring] $mirror $suite non-free" >"$work/sources.list"
apt=(apt-get -q -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State=$work/state" -o "Dir::State::lists=$work/lists"
  -o "Dir::Cache=$work/cache" -o Dir::State::status=/dev/null -o APT::Sandbox::User= -o Acquire::Retries=2)
touch "$work/state/extended_states"
cd "$work"
if ! "${apt[@]}" update >"$work/log" 2>&1 || ! "${apt[@]}" download nvidia-cuda-toolkit >>"$work/log" 2>&1; then
  echo "cuda-tools.sh: could not download nvidia-cuda-toolkit from $mirror $suite non-free: $(grep -m1 '^E:' "$work/log" || tail -1 "$work/log")" >&2
  exit 1
fi
package=$(echo nvidia-cuda-toolkit_*.deb)
dpkg --fsys-tarfile "$package" | tar -x -C unpacked ./usr/bin/ptxas ./usr/bin/nvdisasm
mkdir -p "$folder"
# Move the files into place, so that an interrupted run leaves no partial file.
for tool in ptxas nvdisasm; do
  cp "unpacked/usr/bin/$tool" "$folder/.$tool.$$"
  mv "$folder/.$tool.$$" "$folder/$tool"
done
echo "cuda-tools.sh: ptxas and nvdisasm of $package are in $folder"
