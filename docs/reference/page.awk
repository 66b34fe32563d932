# Prepares a page for Doxygen: state diagrams are in Mermaid's language, which code hosts show as pictures, and become
# Graphviz' here. Of Mermaid, the pages use "stateDiagram-v2", "direction", "a --> b: label" and "a: text".
/^```mermaid$/ {
	in_diagram = 1
	print "\\dot"
	print "digraph {"
	print "node [shape=box style=rounded fontname=sans fontsize=10]; edge [fontname=sans fontsize=9];"
	next
}
in_diagram && /^```$/ {
	in_diagram = 0
	print "}"
	print "\\enddot"
	next
}
in_diagram && /-->/ {
	match($0, / *--> */)
	from = substr($0, 1, RSTART - 1)
	rest = substr($0, RSTART + RLENGTH)
	label = ""
	if (match(rest, / *: */)) {
		label = substr(rest, RSTART + RLENGTH)
		rest = substr(rest, 1, RSTART - 1)
	}
	gsub(/<br>/, "\\n", label)
	printf "%s -> %s [label=\" %s \"]\n", node(from, "begin"), node(rest, "end"), label
	next
}
in_diagram && /direction LR/ { print "rankdir=LR"; next }
in_diagram && /stateDiagram|direction/ { next }
in_diagram && /:/ {
	match($0, / *: */)
	text = substr($0, RSTART + RLENGTH)
	gsub(/<br>/, "\\n", text)
	printf "%s [label=\"%s\"]\n", node(substr($0, 1, RSTART - 1), ""), text
	next
}
!in_diagram { print }

# Mermaid calls both ends of a diagram [*].
function node(name, which) {
	gsub(/^[ \t]+|[ \t]+$/, "", name)
	if (name != "[*]")
		return name
	printf "%s [shape=point width=0.12]\n", which
	return which
}
