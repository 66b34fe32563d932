# Prepares a header for Doxygen, which wants "\param name text" where the headers have "\param name: text", takes a
# function's name at the beginning of its description for a part of the sentence, and wants to be told of each macro
# where the headers describe a block of them once.
{
	if (match($0, /\\param +[A-Za-z0-9_., ]+:/))
		$0 = substr($0, 1, RSTART + RLENGTH - 2) substr($0, RSTART + RLENGTH)
	if (comment_begins && match($0, /^ \* [A-Za-z0-9_]+\(\) - /))
		$0 = " * " substr($0, RLENGTH + 1)
	comment_begins = /^\/\*\*$/

	if (/^#define /) {
		if (described)
			described_macro = macro_name($2)
		else if (described_macro != "" && !/\/\*\*</)
			print "/** See " described_macro ". */"
	} else if (!/^#/ && !continues)
		described_macro = ""
	continues = /\\$/
	if (!/^#if/ || !described)
		described = /^\/\*\*.*\*\/$/ || (in_description && /\*\/$/)
	in_description = (in_description || /^\/\*\*/) && !/\*\/$/
	print
}

function macro_name(text) {
	sub(/\(.*/, "()", text)
	return text
}
