#!/usr/bin/env bash
# Prints docs/status.md: which of the functions that upstream's library exports work here.
#
# usage: docs/status.sh LIBRARY INCLUDE-DIRECTORY... > docs/status.md
#        docs/status.sh --check LIBRARY INCLUDE-DIRECTORY...
#
# A function works when the library exports it, for there are no stubs. The headers have to agree: what is absent
# is not declared either, so that a program that needs it fails at compile time. Exit status 1, with the names
# on stderr, when they do not agree, and with --check also when the committed page is another.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)

check=no
if [ "$1" = --check ]; then
	check=yes
	shift
fi
library=$1
shift
includes=()
for directory; do
	includes+=("-I$directory")
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

nm -D --defined-only "$library" | awk '{ sub(/@.*/, "", $NF); print $NF }' | sort -u >"$work/exported"
cut -f2 "$here/upstream_functions.txt" | sort -u >"$work/upstream"
sort -u "$work/exported" "$work/upstream" >"$work/names"

# A name that is left after the preprocessor stands in a declaration, or in an inline function, which needs one.
echo '#include <libwebsockets.h>' >"$work/all.c"
if ! grep -q . "$work/exported" || ! ${CC:-cc} -std=gnu11 -E -P "${includes[@]}" "$work/all.c" >"$work/all.i"; then
	echo "cannot read the library or the headers" >&2
	exit 1
fi
grep -oE '[A-Za-z_][A-Za-z0-9_]*' "$work/all.i" | sort -u | comm -12 - "$work/names" >"$work/declared"

status=0
report() {
	if [ -s "$2" ]; then
		status=1
		sed "s/^/$1: /" "$2" >&2
	fi
}
comm -23 "$work/declared" "$work/exported" >"$work/only_declared"
# lws_daemonize is in distributions' libraries and in no header of theirs: programs declare it themselves.
comm -13 "$work/declared" "$work/exported" | grep -vx lws_daemonize >"$work/only_exported" || true
report "declared in a header, but not in the library" "$work/only_declared"
report "in the library, but declared in no header" "$work/only_exported"

comm -12 "$work/upstream" "$work/exported" >"$work/works"
comm -13 "$work/upstream" "$work/exported" >"$work/added"

page() {
	cat <<-END
	# Which functions work

	Of the $(wc -l <"$work/upstream") functions that upstream's libwebsockets 4.2 exports, $(wc -l <"$work/works") work here. The others are absent from
	headers and library alike, so a program that needs one of them fails to build, not to run.

	This page is made by \`docs/status.sh\` from the built library; a test compares the two.
	After a change: \`cmake --build build --target status\`.
	END
	awk -F '\t' '
		NR == FNR { works[$1] = 1; next }
		{ total[$1]++; if ($2 in works) count[$1]++; if (!($1 in seen)) { seen[$1] = 1; order[++n] = $1 } }
		END {
			print "\n| header | functions | work |\n|---|---:|---:|"
			for (i = 1; i <= n; i++)
				printf "| %s | %d | %d |\n", order[i], total[order[i]], count[order[i]]
		}' "$work/works" "$here/upstream_functions.txt"
	awk -F '\t' '
		NR == FNR { works[$1] = 1; next }
		$1 != header { header = $1; printf "\n## %s\n\n| function | here |\n|---|---|\n", header }
		{ printf "| `%s` | %s |\n", $2, ($2 in works) ? "works" : "absent" }' "$work/works" "$here/upstream_functions.txt"
	if [ -s "$work/added" ]; then
		printf '\n## Other public names\n\nVariables, and functions that are not in upstream'\''s list.\n\n'
		sed 's/.*/- `&`/' "$work/added"
	fi
}

if [ $check = yes ]; then
	page >"$work/status.md"
	if ! diff -u "$here/status.md" "$work/status.md" >&2; then
		echo "docs/status.md is not what the library says: cmake --build build --target status" >&2
		status=1
	fi
else
	page
fi
exit $status
