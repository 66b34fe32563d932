#!/usr/bin/env bash
# usage: docs/reference/check.sh REFERENCE-DIRECTORY SOURCE-DIRECTORY
#
# Exit status 1, with the complaints, where Doxygen found something wrong or undocumented in headers or pages.
set -eu
warnings=$1/warnings.txt
if [ -s "$warnings" ]; then
	sed "s|^$2/||" "$warnings" >&2
	echo "$(wc -l <"$warnings") complaints" >&2
	exit 1
fi
[ -s "$1/html/index.html" ] || { echo "no reference was made" >&2; exit 1; }
