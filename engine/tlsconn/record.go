package tlsconn

// What is known here of TLS is the frame of a record, RFC 8446, section 5.1, and that of a handshake message,
// section 4; crypto/tls judges all else.
const (
	headerSize       = 5
	largestRecord    = 16384 + 2048 // ciphertext, TLS 1.2 allows the most
	largestPlaintext = 16384
	largestHello     = 64 << 10
	typeHandshake    = 22
)

// recordSize is how many bytes the record at the beginning of p has, its header included; 0 where the header
// is not complete.
func recordSize(p []byte) int {
	if len(p) < headerSize {
		return 0
	}
	return headerSize + int(p[3])<<8 + int(p[4])
}

// wholeRecord is the record at the beginning of p, nil where it is not complete. Of one that is longer than
// allowed the header will do: it is all that is needed to refuse it.
func wholeRecord(p []byte) []byte {
	n := recordSize(p)
	if n > headerSize+largestRecord {
		return p
	}
	if n == 0 || n > len(p) {
		return nil
	}
	return p[:n]
}

// helloComplete reports whether p holds all of a first handshake message, which may span records, or something
// that need not be completed to see that it is none.
func helloComplete(p []byte) bool {
	var length [4]byte // type and length of the message
	seen := 0
	for {
		n := recordSize(p)
		if n == 0 {
			return false
		}
		if p[0] != typeHandshake || n == headerSize || n > headerSize+largestPlaintext {
			return true
		}
		body := p[headerSize:min(n, len(p))]
		if seen < len(length) {
			copy(length[seen:], body)
		}
		seen += len(body)
		if seen >= len(length) {
			message := len(length) + int(length[1])<<16 + int(length[2])<<8 + int(length[3])
			if message > largestHello || seen >= message {
				return true
			}
		}
		if len(p) < n {
			return false
		}
		p = p[n:]
	}
}
