package httpclient

import (
	"strings"

	"golws/engine/httpserver"
)

// challenge is what a server asks for (RFC 9110 section 11.3).
type challenge struct {
	scheme     string
	parameters map[string]string // by names in lower case; none has a token68
}

// The bounds on what a server may ask for; more is not looked at.
const (
	maxChallenges = 16
	maxParameters = 32
)

// parseChallenges takes apart what the WWW-Authenticate fields of a response say. What comes after a mistake is
// left out.
func parseChallenges(text string) (list []challenge) {
	for {
		text = strings.TrimLeft(text, ", \t")
		name, rest := cutToken(text)
		if name == "" {
			return list
		}
		after := strings.TrimLeft(rest, " \t")
		if value, ok := strings.CutPrefix(after, "="); ok {
			if len(list) == 0 {
				return list
			}
			if value, text, ok = parameterValue(strings.TrimLeft(value, " \t")); !ok {
				return list[:len(list)-1] // half a challenge is of no use
			}
			current := list[len(list)-1].parameters
			name = strings.ToLower(name)
			if _, twice := current[name]; twice || len(current) == maxParameters {
				return list[:len(list)-1]
			}
			current[name] = value
			continue
		}
		if len(list) == maxChallenges {
			return list
		}
		list = append(list, challenge{scheme: name, parameters: map[string]string{}})
		text = skipToken68(after)
	}
}

// cutToken cuts a token off the front of a text.
func cutToken(text string) (token, rest string) {
	end := 0
	for end < len(text) && tokenByte(text[end]) {
		end++
	}
	return text[:end], text[end:]
}

func tokenByte(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

// parameterValue cuts a token or a quoted string off the front of a text.
func parameterValue(text string) (value, rest string, ok bool) {
	if text == "" || text[0] != '"' {
		value, rest = cutToken(text)
		return value, rest, value != ""
	}
	var unquoted strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; c {
		case '"':
			return unquoted.String(), text[i+1:], true
		case '\\':
			if i++; i == len(text) {
				return "", "", false
			}
			unquoted.WriteByte(text[i])
		default:
			unquoted.WriteByte(c)
		}
	}
	return "", "", false
}

// skipToken68 skips what a scheme such as Negotiate has in place of parameters.
func skipToken68(text string) string {
	end := 0
	for end < len(text) && (tokenByte(text[end]) || text[end] == '/') {
		end++
	}
	if end == 0 {
		return text
	}
	for end < len(text) && text[end] == '=' {
		end++
	}
	if rest := strings.TrimLeft(text[end:], " \t"); rest == "" || rest[0] == ',' {
		return rest
	}
	return text
}

// challengesOf are those of a response.
func challengesOf(response *httpserver.Request) []challenge {
	return parseChallenges(string(response.Append(nil, httpserver.TokenWWWAuthenticate)))
}
