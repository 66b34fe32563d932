#!/usr/bin/env bash
# The build as its users meet it: incremental, installed, linked by hand, and what it exports.
# As a package and as a part of other projects: tests/package.
#
# usage: build_test.sh CMAKE C-COMPILER GO
set -u
cmake=$1
cc=$2
go=$3
source=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# check <name> <command...>: the command's output is shown only when it fails
check() {
	local name=$1
	shift
	if "$@" >"$work/output" 2>&1; then
		echo "ok    $name"
	else
		echo "FAIL  $name"
		tail -30 "$work/output"
		failures=$((failures + 1))
	fi
}

build() {
	"$cmake" --build "$work/build" --target websockets_shared websockets
}

# The build's own words for what it does; a step that is up to date has none.
steps() {
	build >"$work/steps" 2>&1 || return 1
	grep -E 'Building|Linking|Making' "$work/steps" | sed 's/^\[[^]]*\] *//'
}

nothing_to_do() {
	[ -z "$(steps)" ] || { cat "$work/steps"; return 1; }
}

one_c_file() {
	local done_steps
	sleep 1.1 # file times of a second's resolution
	touch "$work/source/capi/c/version.c"
	done_steps=$(steps)
	echo "$done_steps"
	[ "$(grep -c 'Building C' <<<"$done_steps")" = 1 ] && ! grep -q 'Go engine' <<<"$done_steps"
}

one_go_file_without_effect() {
	local done_steps
	sleep 1.1
	touch "$work/source/engine/doc.go"
	done_steps=$(steps)
	echo "$done_steps"
	[ "$done_steps" = 'Building the Go engine' ]
}

# Only public names, and nothing of Go's or of ours that is private.
only_public() {
	! awk '{ print $NF }' "$1" | grep -vE '^_?_?(lws|lejp|humanize_schema)|_protocols$|^wsi_from_fd$|^LIBWEBSOCKETS_18$|^$|:$' &&
		! awk '{ print $NF }' "$1" | grep -E '^(lwsgo_|golws_)' && grep -q lws_create_context "$1"
}

exports_of_shared() {
	nm -D --defined-only "$work/build/lib/libwebsockets.so.18" | sed 's/@@\?LIBWEBSOCKETS_18$//' >"$work/names" &&
		only_public "$work/names" && ! grep @ "$work/names"
}

exports_of_static() {
	nm -g --defined-only "$work/build/lib/libwebsockets.a" >"$work/names" && only_public "$work/names"
}

shared_object_is_as_promised() {
	readelf -d "$work/build/lib/libwebsockets.so.18" | tee "$work/dynamic"
	grep -q 'soname: \[libwebsockets.so.18\]' "$work/dynamic" && grep -q NODELETE "$work/dynamic" &&
		grep -q SYMBOLIC "$work/dynamic" && grep -q BIND_NOW "$work/dynamic" && ! grep -q TEXTREL "$work/dynamic"
}

installed() {
	"$cmake" --build "$work/build" &&
		"$cmake" --install "$work/build" --prefix "$work/prefix" &&
		"$cc" -Wall -Werror -I"$work/prefix/include" "$source/tests/package/program.c" \
			-L"$work/prefix/lib" -L"$(dirname "$(find "$work/prefix" -name libwebsockets.so)")" -lwebsockets \
			-Wl,-rpath,"$(dirname "$(find "$work/prefix" -name libwebsockets.so)")" -o "$work/installed" &&
		"$work/installed"
}

static_by_hand() {
	"$cc" -I"$work/prefix/include" "$source/tests/package/program.c" "$work/build/lib/libwebsockets.a" \
		-lpthread -ldl -lm -o "$work/static" && "$work/static" && ! ldd "$work/static" | grep websockets
}

static_with_sections_collected() {
	"$cc" -ffunction-sections -fdata-sections -Wl,--gc-sections -I"$work/prefix/include" \
		"$source/tests/package/program.c" "$work/build/lib/libwebsockets.a" \
		-lpthread -ldl -lm -o "$work/static" && "$work/static"
}

c_plus_plus() {
	local file=$work/main.cc
	cat >"$file" <<-'END'
	#include <libwebsockets.h>
	int main()
	{
		return lws_get_library_version() ? 0 : 1;
	}
	END
	c++ --version >/dev/null 2>&1 || return 0
	c++ -Wall -Werror -I"$work/prefix/include" "$file" "$work/build/lib/libwebsockets.a" -lpthread -ldl -lm \
		-o "$work/cc" && "$work/cc"
}

no_go() {
	! "$cmake" -S "$source" -B "$work/no-go" -DCMAKE_C_COMPILER="$cc" -DGOLWS_GO="$work/no/such/go" >"$work/said" 2>&1 &&
		grep -q 'golws needs Go' "$work/said" && [ "$(grep -c 'CMake Error' "$work/said")" = 1 ]
}

# A copy, for the tests change the times of its files.
mkdir "$work/source"
(cd "$source" && tar -cf - --anchored --exclude=./.git --exclude='./build*' .) | tar -C "$work/source" -xpf -
check 'configure' "$cmake" -S "$work/source" -B "$work/build" -DCMAKE_C_COMPILER="$cc" -DGOLWS_GO="$go" \
	-DGOLWS_TESTS=OFF -DGOLWS_EXAMPLES=OFF -DCMAKE_BUILD_TYPE=Release
check 'build' build
[ $failures = 0 ] || exit 1
check 'nothing to do the second time' nothing_to_do
check 'one C file' one_c_file
check 'a Go file that changes nothing' one_go_file_without_effect
check 'names in the shared library' exports_of_shared
check 'names in the static library' exports_of_static
check 'soname, nodelete, symbolic, relro' shared_object_is_as_promised
check 'installed' installed
check 'static, linked by hand' static_by_hand
check 'static, unused sections collected' static_with_sections_collected
check 'C++' c_plus_plus
check 'a missing Go is one message' no_go
[ $failures = 0 ]
