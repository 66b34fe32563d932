// Package ascii compares names of protocols, which are ASCII and ignore case: names of header fields, methods'
// parameters, hosts. Letters beyond ASCII are never equal to other ones, as they would be to package strings.
package ascii
