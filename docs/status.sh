#!/usr/bin/env bash
# Prints docs/status.md: which functions of the interface of libwebsockets 4.2 work here.
#
# usage: docs/status.sh LIBRARY INCLUDE-DIRECTORY... > docs/status.md
#        docs/status.sh --check LIBRARY INCLUDE-DIRECTORY...
#
# A function works when the library exports it, for there are no stubs. The headers have to agree: every function is
# declared, and the comment before the declaration of one that is not exported says so in one of two ways:
#
#	Not implemented yet.		upstream's library exports it, ours does not yet
#	Not in this configuration.	upstream's library, as distributions configure it, has none either
#
# A program that needs one of them fails when it is linked. Exit status 1, with the names on stderr, when headers and
# library do not agree, and with --check also when the committed page is another.
#
# docs/upstream_functions.txt: header, function, and yes, no or inline for "upstream's library exports it".
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

# A is the version that the names carry.
nm -D --defined-only "$library" | awk '$(NF - 1) != "A" { sub(/@.*/, "", $NF); print $NF }' | sort -u >"$work/exported"
upstream=$here/upstream_functions.txt
awk -F '\t' '$3 == "yes" { print $2 }' "$upstream" | sort -u >"$work/upstream"
awk -F '\t' '$3 != "yes" { print $2 }' "$upstream" | sort -u >"$work/configured_out"
cut -f2 "$upstream" | sort -u - "$work/exported" >"$work/names"

find "$@" -name '*.h' | sort | xargs awk -f "$here/declarations.awk" >"$work/declarations"

# What the compiler is left with: a declaration in a branch that is not taken is none. lws-dbus.h needs D-Bus's own
# headers and is included by nothing, so what stands in it counts as it is.
echo '#include <libwebsockets.h>' >"$work/all.c"
if ! grep -q . "$work/exported" || ! ${CC:-cc} -std=gnu11 -E -P "${includes[@]}" "$work/all.c" >"$work/all.i"; then
	echo "cannot read the library or the headers" >&2
	exit 1
fi
{
	grep -oE '[A-Za-z_][A-Za-z0-9_]*' "$work/all.i"
	awk -F '\t' '$3 ~ /\/lws-dbus\.h:/ { print $1 }' "$work/declarations"
} | sort -u | comm -12 - "$work/names" >"$work/declared"

status=0
report() {
	if [ -s "$2" ]; then
		status=1
		sed "s/^/$1: /" "$2" >&2
	fi
}
comm -13 "$work/declared" "$work/exported" >"$work/only_exported"
report "in the library, but declared in no header" "$work/only_exported"

cut -f2 "$upstream" | sort -u | comm -23 - "$work/declared" >"$work/undeclared"
report "in the interface, but declared in no header" "$work/undeclared"

# What the comment before each declaration has to say, and does not.
awk -F '\t' '
	FILENAME == ARGV[1] { exported[$1] = 1; next }
	FILENAME == ARGV[2] { kind[$2] = $3; next }
	{
		# variables are not in the list: one of the two will do
		if ($4 == "variable" && !($1 in exported)) {
			if ($2 == "-" || $2 ~ /\+/)
				printf "%s: %s, expected one of the two (%s)\n", $1, $2, $3
			next
		}
		if ($1 in exported || kind[$1] == "inline")
			wanted = "-"
		else if (kind[$1] == "yes")
			wanted = "Not implemented yet."
		else if (kind[$1] == "no")
			wanted = "Not in this configuration."
		else
			wanted = "-, or that the library exports it"
		if ($2 != wanted)
			printf "%s: %s, expected %s (%s)\n", $1, $2, wanted, $3
	}' "$work/exported" "$upstream" "$work/declarations" >"$work/wrong_marker"
report "state in the comment" "$work/wrong_marker"

comm -12 "$work/upstream" "$work/exported" >"$work/works"
comm -13 "$work/upstream" "$work/exported" >"$work/added"
comm -23 "$work/configured_out" "$work/exported" >"$work/never"

page() {
	cat <<-END
	# Which functions work

	Of the $(wc -l <"$work/upstream") functions that upstream's libwebsockets 4.2 exports, $(wc -l <"$work/works") work here. The others are declared in
	the headers, say there that they are not implemented yet, and are not in the library: a program that needs one of
	them compiles and fails to link.

	This page is made by \`docs/status.sh\` from the built library; a test compares the two.
	After a change: \`cmake --build build --target status\`.
	END
	awk -F '\t' '
		NR == FNR { works[$1] = 1; next }
		$3 != "yes" { next }
		{ total[$1]++; if ($2 in works) count[$1]++; if (!($1 in seen)) { seen[$1] = 1; order[++n] = $1 } }
		END {
			print "\n| header | functions | work |\n|---|---:|---:|"
			for (i = 1; i <= n; i++)
				printf "| %s | %d | %d |\n", order[i], total[order[i]], count[order[i]]
		}' "$work/works" "$upstream"
	awk -F '\t' '
		NR == FNR { works[$1] = 1; next }
		$3 != "yes" { next }
		$1 != header { header = $1; printf "\n## %s\n\n| function | here |\n|---|---|\n", header }
		{ printf "| `%s` | %s |\n", $2, ($2 in works) ? "works" : "not implemented yet" }' "$work/works" "$upstream"
	if [ -s "$work/added" ]; then
		printf '\n## Other public names\n\nVariables, and functions that are not in upstream'\''s list.\n\n'
		sed 's/.*/- `&`/' "$work/added"
	fi
	cat <<-END

	## Not in this configuration

	Hardware drivers, settings and the like, which upstream's library does not have either when it is configured as
	distributions do: declared, and in neither library.

	END
	awk -F '\t' '
		NR == FNR { never[$1] = 1; next }
		$3 == "no" && $2 in never {
			if ($1 != header) { printf "%s- %s:", header == "" ? "" : "\n", $1; header = $1; separator = "" }
			printf "%s `%s`", separator, $2
			separator = ","
		}
		END { print "" }' "$work/never" "$upstream"
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
