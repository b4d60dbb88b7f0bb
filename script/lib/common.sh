# shellcheck shell=bash disable=SC2034
# Shared by the scripts of this folder: messages, packages, building. To be sourced.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export LC_ALL=C.UTF-8

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# What each step needs from Debian; docs/dependencies.md says what for.
BUILD_PACKAGES=(g++ cmake ninja-build ccache pkg-config libboost1.81-dev libc-ares-dev libcli11-dev
  libcurl4-openssl-dev libfmt-dev libhowardhinnant-date-dev libjpeg62-turbo-dev libpng-dev libre2-dev libspdlog-dev
  libsqlite3-dev libsqlitecpp-dev libssl-dev libsystemd-dev nlohmann-json3-dev zlib1g-dev tzdata ca-certificates)
# The status page is bundled by Node.js; any that is there already will do.
command -v node >/dev/null && command -v npm >/dev/null || BUILD_PACKAGES+=(nodejs npm)
BROWSER_PACKAGES=(chromium-headless-shell)
TEST_PACKAGES=(doctest-dev librapidcheck-dev nginx-light openssl prometheus
  prometheus-alertmanager python3 python3-jsonschema systemd)
CLANG_PACKAGES=(clang-16 libclang-rt-16-dev)
LINT_PACKAGES=(clang-format clang-tidy-16 shellcheck)
BENCH_PACKAGES=(nginx-light openssl wrk)  # peers are measured where they are installed: see bench/peers
PACKAGE_PACKAGES=(lintian debootstrap)

missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$' || printf '%s\n' "$package"
  done
}

# install_packages WHY PACKAGE...: installs what is missing, saying what and why; nothing to do costs no time.
install_packages() {
  local why=$1 missing
  shift
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null || fail "this needs Debian 12 (no apt-get here). Install by hand: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      fail "packages are missing and you are neither root nor is there sudo. As root: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say "Installing ${#missing[@]} Debian packages ($why): ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq || fail "apt-get update did not succeed"
  # A server that is only wanted as a measuring target must not be started as a service by its package.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends \
    "${missing[@]}" >/dev/null || fail "apt-get could not install: ${missing[*]}"
}

# build PRESET [TARGET...]: configures when needed, then builds.
build() {
  local preset=$1
  shift
  if command -v ccache >/dev/null; then
    # Relative paths, so that a second checkout finds what the first has compiled.
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
  fi
  say "Building ($preset)"
  local log="build/$preset-configure.log"
  if ! mkdir -p build 2>/dev/null || [ ! -w build ]; then
    fail "you may not write to $PWD/build: build in a checkout of your own, or as the owner of this one"
  fi
  cmake --preset "$preset" >"$log" 2>&1 || {
    cat "$log" >&2
    fail "CMake could not configure the build"
  }
  cmake --build --preset "$preset" ${1:+--target "$@"} -- --quiet || fail "the build failed (see above)"
}
