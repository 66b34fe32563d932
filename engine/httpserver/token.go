package httpserver

// Token names a piece of a request; the values are those of enum lws_token_indexes.
type Token uint8

// The tokens that a request can have, and what the engine itself looks at.
const (
	TokenGetURI          Token = 0
	TokenPostURI         Token = 1
	TokenOptionsURI      Token = 2
	TokenHost            Token = 3
	TokenConnection      Token = 4
	TokenUpgrade         Token = 5
	TokenOrigin          Token = 6
	TokenExtensions      Token = 9
	TokenProtocol        Token = 12
	TokenAccept          Token = 13
	TokenHTTP            Token = 15 // the version, such as HTTP/1.1
	TokenIfModifiedSince Token = 19
	TokenIfNoneMatch     Token = 20
	TokenAuthorization   Token = 25
	TokenCookie          Token = 26
	TokenContentLength   Token = 27
	TokenRange           Token = 30
	TokenKey             Token = 32
	TokenVersion         Token = 33
	TokenAuthority       Token = 35
	TokenMethod          Token = 36
	TokenPath            Token = 37
	TokenScheme          Token = 38
	TokenStatus          Token = 39 // of a response of HTTP/2
	TokenExpect          Token = 51
	TokenIfRange         Token = 55
	TokenContentEncoding Token = 46
	TokenLocation        Token = 59
	TokenSetCookie       Token = 66
	TokenTransfer        Token = 68
	TokenWWWAuthenticate Token = 72
	TokenPatchURI        Token = 73
	TokenPutURI          Token = 74
	TokenDeleteURI       Token = 75
	TokenURIArguments    Token = 76
	TokenConnect         Token = 81
	TokenHeadURI         Token = 82
	TokenColonProtocol   Token = 85
	TokenUserAgent       Token = 69
	TokenCount           Token = 88 // how many tokens a request can have
)

// fieldNames gives the header fields that have a token. Others are found by name.
var fieldNames = map[string]Token{
	"host": 3, "connection": 4, "upgrade": 5, "origin": 6, "sec-websocket-draft": 7,
	"sec-websocket-extensions": 9, "sec-websocket-key1": 10, "sec-websocket-key2": 11,
	"sec-websocket-protocol": 12, "sec-websocket-accept": 13, "sec-websocket-nonce": 14,
	"http2-settings": 16, "accept": 17, "access-control-request-headers": 18,
	"if-modified-since": 19, "if-none-match": 20, "accept-encoding": 21, "accept-language": 22,
	"pragma": 23, "cache-control": 24, "authorization": 25, "cookie": 26, "content-length": 27,
	"content-type": 28, "date": 29, "range": 30, "referer": 31, "sec-websocket-key": 32,
	"sec-websocket-version": 33, "sec-websocket-origin": 6, // the older name of origin
	"accept-charset": 40, "accept-ranges": 41, "access-control-allow-origin": 42, "age": 43,
	"allow": 44, "content-disposition": 45, "content-encoding": 46, "content-language": 47,
	"content-location": 48, "content-range": 49, "etag": 50, "expect": 51, "expires": 52,
	"from": 53, "if-match": 54, "if-range": 55, "if-unmodified-since": 56, "last-modified": 57,
	"link": 58, "location": 59, "max-forwards": 60, "proxy-authenticate": 61,
	"proxy-authorization": 62, "refresh": 63, "retry-after": 64, "server": 65, "set-cookie": 66,
	"strict-transport-security": 67, "transfer-encoding": 68, "user-agent": 69, "vary": 70,
	"via": 71, "www-authenticate": 72, "x-real-ip": 78, "x-forwarded-for": 80, "te": 83,
	"replay-nonce": 84, "x-auth-token": 86, "x-amzn-dss-signature": 87,
}

// nameTable is fieldNames as an open hash table, because a map costs as much as the rest of
// parsing a field.
var nameTable = func() (table [256]struct {
	name  string
	token Token
}) {
	for name, token := range fieldNames {
		i := nameHash([]byte(name))
		for table[i].name != "" {
			i++
		}
		table[i].name, table[i].token = name, token
	}
	return table
}()

// nameHash spreads the names by their length and three of their bytes; name is not empty.
func nameHash(name []byte) uint8 {
	n := len(name)
	return uint8(n*7) ^ name[0]*3 ^ name[n/2]*13 ^ name[n-1]*31
}

// FieldToken finds the token of a header field by its name in lower case.
func FieldToken(name []byte) (Token, bool) {
	if len(name) == 0 {
		return 0, false
	}
	for i := nameHash(name); nameTable[i].name != ""; i++ {
		if nameTable[i].name == string(name) {
			return nameTable[i].token, true
		}
	}
	return 0, false
}

// Method is a request method; the values are what lws_http_get_uri_and_method returns.
type Method int8

// The methods.
const (
	MethodGet Method = iota
	MethodPost
	MethodOptions
	MethodPut
	MethodPatch
	MethodDelete
	MethodConnect
	MethodHead
)

var methodTokens = [...]Token{TokenGetURI, TokenPostURI, TokenOptionsURI, TokenPutURI,
	TokenPatchURI, TokenDeleteURI, TokenConnect, TokenHeadURI}

// Token is the token that holds the path of a request with this method.
func (m Method) Token() Token { return methodTokens[m] }

// MethodNamed finds a method by its name, which is case-sensitive.
func MethodNamed(name []byte) (Method, bool) {
	switch string(name) {
	case "GET":
		return MethodGet, true
	case "POST":
		return MethodPost, true
	case "OPTIONS":
		return MethodOptions, true
	case "PUT":
		return MethodPut, true
	case "PATCH":
		return MethodPatch, true
	case "DELETE":
		return MethodDelete, true
	case "CONNECT":
		return MethodConnect, true
	case "HEAD":
		return MethodHead, true
	}
	return 0, false
}
