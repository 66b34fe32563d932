# Reads headers and prints, for each function and variable declared in them: its name, what the comment before it says
# of its state ("-", "Not implemented yet.", "Not in this configuration.", or several with " + " between), its place, and
# "function" or "variable".
#
# A declaration starts at a name in the first column or with LWS_VISIBLE, and its comment ends on a line before it
# with nothing but preprocessor conditions between.

function marker(text) {
	found = found (found == "" ? "" : " + ") text
}

FNR == 1 { in_comment = in_directive = depth = 0; found = statement = "" }

# what follows a backslash belongs to a directive still
in_directive { in_directive = /\\$/; next }
!in_comment && /^[ \t]*#/ {
	in_directive = /\\$/
	if (!/^[ \t]*#[ \t]*(if|else|elif|endif)/)
		found = ""
	next
}

{
	line = $0
	code = ""
	while (line != "") {
		if (in_comment) {
			end = index(line, "*/")
			text = end ? substr(line, 1, end - 1) : line
			sub(/^[ \t]*\*?[ \t]*/, "", text)
			sub(/[ \t]+$/, "", text)
			if (text == "Not implemented yet." || text == "Not in this configuration.")
				marker(text)
			if (!end)
				break
			in_comment = 0
			line = substr(line, end + 2)
		} else {
			start = index(line, "/*")
			slashes = index(line, "//")
			if (slashes && (!start || slashes < start)) {
				code = code substr(line, 1, slashes - 1)
				break
			}
			if (!start) {
				code = code line
				break
			}
			code = code substr(line, 1, start - 1)
			# a comment inside a statement is about a field or a parameter
			if (statement code !~ /[^ \t]/)
				found = ""
			in_comment = 1
			line = substr(line, start + 2)
		}
	}

	count = length(code)
	for (i = 1; i <= count; i++) {
		letter = substr(code, i, 1)
		if (letter == "}") {
			depth--
			if (depth == 0 && statement ~ /\)[ \t]*$/)
				finish()	# the body of an inline function
			continue
		}
		if (letter == "{") {
			# extern "C" { opens nothing that matters
			if (statement ~ /extern "C"[ \t]*$/) {
				statement = found = ""
				continue
			}
			depth++
			continue
		}
		if (depth)
			continue
		if (letter == ";")
			finish()
		else
			statement = statement letter
	}
	if (statement != "")
		statement = statement " "
}

function finish(    text, name) {
	text = statement
	if (text ~ /^[ \t]*extern[ \t]/ && text !~ /\(/) {
		sub(/[ \t]*(\[[^]]*\][ \t]*)*$/, "", text)
		if (match(text, /[A-Za-z_][A-Za-z0-9_]*$/))
			printf "%s\t%s\t%s:%d\tvariable\n", substr(text, RSTART), found == "" ? "-" : found, FILENAME, FNR
	} else if (text !~ /^[ \t]*typedef/ && match(text, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
		# attributes with arguments come before names or after the parameters
		while (match(text, /__attribute__[ \t]*\(\([^)]*(\([^)]*\))?[^)]*\)\)/) || match(text, /LWS_FORMAT[ \t]*\([^)]*\)/))
			text = substr(text, 1, RSTART - 1) substr(text, RSTART + RLENGTH)
		# A function whose result is a pointer to a function: name is in the first parentheses.
		if (match(text, /\(\*[ \t]*[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/))
			name = substr(text, RSTART + 2, RLENGTH - 3)
		else if (match(text, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/))
			name = substr(text, RSTART, RLENGTH - 1)
		gsub(/[ \t]/, "", name)
		if (name != "")
			printf "%s\t%s\t%s:%d\tfunction\n", name, found == "" ? "-" : found, FILENAME, FNR
	}
	statement = found = ""
}
