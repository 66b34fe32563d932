# Sourced by ./run and ./test: installs with apt what a list of commands lacks.

# need <command> <package>: notes the package when the command is missing
missing_packages=()
need() {
	command -v "$1" >/dev/null 2>&1 || missing_packages+=("$2")
}

install_missing() {
	local sudo=
	[ ${#missing_packages[@]} -gt 0 ] || return 0
	echo "installing: ${missing_packages[*]}"
	if ! command -v apt-get >/dev/null 2>&1; then
		echo "no apt-get here; please install these yourself: ${missing_packages[*]}" >&2
		exit 1
	fi
	if [ "$(id -u)" != 0 ]; then
		if ! command -v sudo >/dev/null 2>&1; then
			echo "not root and no sudo; as root: apt-get install ${missing_packages[*]}" >&2
			exit 1
		fi
		echo "(with sudo, which may ask for your password)"
		sudo=sudo
	fi
	if ! { $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y --no-install-recommends "${missing_packages[@]}"; } >apt.log 2>&1; then
		tail -20 apt.log >&2
		rm -f apt.log
		echo "apt-get could not install: ${missing_packages[*]}" >&2
		exit 1
	fi
	rm -f apt.log
	missing_packages=()
}

# What every build needs. Go is not among it: Debian 12's is too old, and CMake says what to do.
need_build_tools() {
	need cc gcc
	need cmake cmake
	need make make
	need objcopy binutils
	[ -e /usr/include/stdio.h ] || missing_packages+=(libc6-dev)
	command -v go >/dev/null 2>&1 || [ ! -x /usr/local/go/bin/go ] || export PATH=$PATH:/usr/local/go/bin
}

# What "./test cross" needs: compilers and C libraries of other machines, what runs their programs, and musl.
need_cross_tools() {
	local arch triple
	for arch in arm64/aarch64-linux-gnu armhf/arm-linux-gnueabihf riscv64/riscv64-linux-gnu i386/i686-linux-gnu; do
		triple=${arch#*/}
		need "$triple-gcc" "gcc-$triple"
		[ -e "/usr/$triple/include/stdio.h" ] || missing_packages+=("libc6-dev-${arch%/*}-cross")
	done
	need qemu-aarch64 qemu-user
	[ -e /lib/ld-linux.so.2 ] || missing_packages+=(libc6-i386)
	need musl-gcc musl-tools
	need x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64
}
