// Package files has what serving files needs apart from HTTP's messages: opening them without
// being led astray, their media types, validators and byte ranges.
package files
