package httpserver

import (
	"bytes"
	"strconv"

	"golang.org/x/sys/unix"

	"golws/engine/ascii"
	"golws/engine/conn"
	"golws/engine/files"
	"golws/engine/vhost"
)

// transfer is a file on its way to the peer.
type transfer struct {
	active      bool
	memory      bool // all of it is in memory: nothing is to be waited for
	interpreted bool // the program changes it on the way, from descriptor
	descriptor  int
	content     []byte // in place of the descriptor, if that is negative
	offset      int64
	size        int64
}

func (t *transfer) close() {
	if t.interpreted && t.descriptor >= 0 {
		unix.Close(t.descriptor)
	}
	*t = transfer{}
}

// content is a file to be sent, with what its head says.
type content struct {
	files.Info
	mediaType  string
	mediaBytes []byte   // the same, where it comes from the program
	tagSpace   [40]byte // entity tag with its quotes
	tagLength  int      // 0: none
	control    *vhost.Mount
	fields     []byte // further header fields
	memory     []byte // all of it, where it is at hand and no descriptor is
	chunked    bool
}

// FileOpener is a Handler whose program may have file operations of its own.
type FileOpener interface {
	OwnFiles() bool
	// OpenFile opens the file at path, which ends with a NUL, by them: its content, or its
	// descriptor in info.
	OpenFile(path []byte) (content []byte, info files.Info, kind files.Kind)
}

// open finds the file at path, which ends with a NUL.
func (file *content) open(c *conn.Conn, path []byte) files.Kind {
	if opener, ok := c.Thread().Handler.(FileOpener); ok && opener.OwnFiles() {
		var kind files.Kind
		file.memory, file.Info, kind = opener.OpenFile(bytes.Clone(path)) // a copy keeps path off the heap
		return kind
	}
	var ok bool
	if file.memory, file.Info, ok = files.Shared.Get(path); ok {
		return files.Regular
	}
	var kind files.Kind
	if file.Info, kind = files.Open(path); kind == files.Regular {
		files.Shared.Add(path, file.Info)
	} else {
		file.Descriptor = -1
	}
	return kind
}

func (file *content) tag() []byte { return file.tagSpace[:file.tagLength] }

// close gives up the descriptor.
func (file *content) close() {
	if file.Descriptor >= 0 {
		unix.Close(file.Descriptor)
		file.Descriptor = -1
	}
}

// sendRange sends a part of the file and closes it.
func (file *content) sendRange(c *conn.Conn, t Transaction, r files.Range) (inMemory bool) {
	descriptor := file.Descriptor
	if descriptor < 0 {
		t.Write(c, file.memory[r.Start:r.Start+r.Length], conn.WriteHTTP)
		return true
	}
	file.Descriptor = -1
	return t.SendFile(c, descriptor, r.Start, r.Length)
}

// value is the first value of a token of the request, if there still is a request.
func (s *State) value(t Token) []byte {
	if s.Request == nil {
		return nil
	}
	return s.Request.Value(t)
}

// canServe reports whether the method is one that files answer.
func (s *State) canServe() bool { return s.Method == MethodGet || s.Method == MethodHead }

// Type is the media type of a file name by the mount's list, if any, and the built-in one.
func Type(m *vhost.Mount, name []byte) (string, bool) {
	fallback, hasFallback := "", false
	if m != nil {
		for i := range m.ExtraMimeTypes {
			switch entry := &m.ExtraMimeTypes[i]; {
			case entry.Name != "" && entry.Name[0] == '*':
				if !hasFallback {
					fallback, hasFallback = entry.Value, true
				}
			case files.HasSuffix(name, entry.Name):
				return entry.Value, true
			}
		}
	}
	if t, ok := files.BuiltinType(name); ok {
		return t, true
	}
	return fallback, hasFallback
}

// appendControl appends the cache-control field that the mount asks for.
func appendControl(to []byte, m *vhost.Mount) []byte {
	if m == nil || m.CacheMaxAge <= 0 || !m.CacheReusable {
		return append(to, "cache-control: no-store\r\n"...)
	}
	to = append(to, "cache-control: "...)
	if m.CacheRevalidate {
		to = append(to, "must-revalidate, "...)
	}
	if m.CacheIntermediates {
		to = append(to, "public, max-age="...)
	} else {
		to = append(to, "private, max-age="...)
	}
	to = strconv.AppendInt(to, int64(m.CacheMaxAge), 10)
	return append(to, '\r', '\n')
}

// serveMount answers with the file that the rest of the path, after the mountpoint, names. It
// reports false, with nothing sent, where there is no such file. p is the protocol that the mount
// names, or nil.
func (s *State) serveMount(c *conn.Conn, m *vhost.Mount, rest []byte, p *vhost.Protocol) bool {
	index := m.Default
	if index == "" {
		index = "index.html"
	}
	var space [512]byte
	name := append(space[:0], m.Origin...)
	if len(rest) == 0 || string(rest) == "/" {
		name = append(append(name, '/'), index...)
	} else {
		if !files.Safe(rest) {
			return false
		}
		if rest[0] != '/' {
			name = append(name, '/')
		}
		name = append(name, rest...)
	}
	file := content{control: m}
	kind := file.open(c, append(name, 0))
	if kind == files.Directory {
		name = append(append(name, '/'), index...)
		kind = file.open(c, append(name, 0))
	}
	if kind != files.Regular {
		return false
	}
	s.is404 = c.Host().ErrorDocument != "" && s.Request != nil && string(s.Request.Path()) == c.Host().ErrorDocument

	file.tagLength = len(files.AppendTag(file.tagSpace[:0], file.Size, file.Modified))
	if s.notModified(&file) {
		file.close()
		b := s.AppendStatus(s.buffer(), c, 304)
		b = appendFieldBytes(b, "etag: ", file.tag())
		b = append(appendControl(b, m), '\r', '\n')
		s.finish(c, s.send(c, b))
		return true
	}
	mediaType, known := Type(m, name)
	if !known {
		file.close()
		s.finish(c, s.sendStatus(c, 415, "", ""))
		return true
	}
	file.mediaType = mediaType
	for i := range m.Interpret {
		if files.HasSuffix(name, m.Interpret[i].Name) {
			if p = c.Host().ProtocolByName(m.Interpret[i].Value); p == nil {
				c.Thread().Handler.Log(conn.LogError, "mount "+m.Mountpoint+" has files interpreted by protocol "+
					m.Interpret[i].Value+", which the vhost has not")
				file.close()
				s.finish(c, s.sendStatus(c, 500, "", ""))
				return true
			}
			file.chunked = true
			break
		}
	}
	if p == nil {
		s.sendFile(c, &file)
		return true
	}
	if !s.Bind(c, p) {
		file.close()
		s.Close(c)
		return true
	}
	if !p.Dummy && !s.addFields(c, &file) {
		file.close()
		s.Close(c)
		return true
	}
	s.sendFile(c, &file)
	return true
}

// addedFields is how many bytes of header fields the program can add to a file's response.
const addedFields = 2048

// addFields has the program add header fields to a file's response.
func (s *State) addFields(c *conn.Conn, file *content) bool {
	space := make([]byte, addedFields)
	s.depth++
	n, result := c.Thread().Handler.CallbackFill(c, conn.AddHeaders, space, 0, false)
	s.leave()
	if result != 0 || n < 0 || n > len(space) || !c.Open() {
		return false
	}
	file.fields = space[:n]
	return true
}

// finish ends a transaction whose response the library made, or the connection where that failed.
func (s *State) finish(c *conn.Conn, sent bool) {
	if sent {
		s.complete(c)
	} else {
		s.Close(c)
	}
}

// notModified reports whether the client has the file already.
func (s *State) notModified(file *content) bool {
	if s.Request == nil {
		return false
	}
	if s.Request.Has(TokenIfNoneMatch) {
		return files.MatchesTag(s.Request.Value(TokenIfNoneMatch), file.tag())
	}
	if value := s.value(TokenIfModifiedSince); len(value) > 0 {
		seconds, ok := files.ParseDate(value)
		return ok && file.Modified <= seconds
	}
	return false
}

func appendFieldBytes(to []byte, name string, value []byte) []byte {
	to = append(to, name...)
	to = append(to, value...)
	return append(to, '\r', '\n')
}

// boundary separates the parts of a response with several ranges. It can be fixed, because
// lengths in the parts' heads say where they end.
const boundary = "_lws"

// sendFile answers with a file and closes its descriptor.
func (s *State) sendFile(c *conn.Conn, file *content) {
	var space [4]files.Range
	ranges, satisfiable := space[:0], true
	if s.Method == MethodGet && !file.chunked && !s.is404 {
		if value := s.value(TokenRange); len(value) > 0 && s.rangeApplies(file) {
			ranges, satisfiable = files.ParseRange(value, file.Size, space[:0])
		}
	}
	if !satisfiable {
		file.close()
		var b [64]byte
		field := strconv.AppendInt(append(b[:0], "content-range: bytes */"...), file.Size, 10)
		s.finish(c, s.sendStatus(c, 416, "", string(append(field, '\r', '\n'))))
		return
	}
	status := 200
	switch {
	case s.is404:
		status = 404
	case len(ranges) > 0:
		status = 206
	}
	b := s.AppendStatus(s.buffer(), c, status)
	length := file.Size
	if len(ranges) > 1 {
		b = append(b, "content-type: multipart/byteranges; boundary="+boundary+"\r\n"...)
		length = int64(len("--" + boundary + "--\r\n"))
		for i := range ranges {
			var part [256]byte
			length += int64(len(appendPart(part[:0], file, ranges[i]))) + ranges[i].Length + 2
		}
	} else {
		b = file.appendType(b)
	}
	if len(ranges) == 1 {
		length = ranges[0].Length
		b = appendContentRange(b, ranges[0], file.Size)
	}
	b = append(b, "accept-ranges: bytes\r\n"...)
	switch {
	case !file.chunked:
		b = appendLength(b, length)
	case s.Version != HTTP10: // there the end of the connection is the end of the body
		b = append(b, "transfer-encoding: chunked\r\n"...)
	}
	if !hasField(file.fields, "cache-control") {
		b = appendControl(b, file.control)
	}
	if file.tagLength > 0 && !file.chunked {
		b = appendFieldBytes(b, "etag: ", file.tag())
		b = append(b, "last-modified: "...)
		b = files.AppendDate(b, file.Modified)
		b = append(b, '\r', '\n')
	}
	b = append(b, file.fields...)
	b = append(b, '\r', '\n')
	if !s.send(c, b) {
		file.close()
		s.Close(c)
		return
	}
	if s.Method == MethodHead {
		file.close()
		s.complete(c)
		return
	}
	c.SetTimeout(conn.TimeoutHTTPContent, c.Host().Limits.Timeout)
	s.transfer = transfer{active: true, size: file.Size}
	t := c.Role().(Transaction)
	switch {
	case file.chunked:
		s.transfer.interpreted, s.transfer.descriptor = true, file.Descriptor
		s.transfer.content = file.memory
		s.interpret(c)
	case len(ranges) > 1:
		s.sendParts(c, t, file, ranges)
	case len(ranges) == 1:
		s.transfer.memory = file.sendRange(c, t, ranges[0])
	default:
		s.transfer.memory = file.sendRange(c, t, files.Range{Length: file.Size})
	}
}

// rangeApplies reports whether the condition on the request's ranges holds.
func (s *State) rangeApplies(file *content) bool {
	value := s.value(TokenIfRange)
	return len(value) == 0 || (file.tagLength > 0 && files.MatchesRange(value, file.tag(), file.Modified))
}

func (file *content) appendType(to []byte) []byte {
	switch {
	case len(file.mediaBytes) > 0:
		return appendFieldBytes(to, "content-type: ", file.mediaBytes)
	case file.mediaType != "":
		return appendField(to, "content-type: ", file.mediaType)
	}
	return to
}

func appendContentRange(to []byte, r files.Range, size int64) []byte {
	to = append(to, "content-range: bytes "...)
	to = strconv.AppendInt(to, r.Start, 10)
	to = append(to, '-')
	to = strconv.AppendInt(to, r.Start+r.Length-1, 10)
	to = append(to, '/')
	to = strconv.AppendInt(to, size, 10)
	return append(to, '\r', '\n')
}

// appendPart appends the head of one range of several.
func appendPart(to []byte, file *content, r files.Range) []byte {
	to = append(to, "--"+boundary+"\r\n"...)
	to = file.appendType(to)
	to = appendContentRange(to, r, file.Size)
	return append(to, '\r', '\n')
}

func (s *State) sendParts(c *conn.Conn, t Transaction, file *content, ranges []files.Range) {
	defer file.close()
	var space [256]byte
	for i := range ranges {
		part := appendPart(space[:0], file, ranges[i])
		one := *file
		if file.Descriptor >= 0 {
			var err error
			if one.Descriptor, err = unix.FcntlInt(uintptr(file.Descriptor), unix.F_DUPFD_CLOEXEC, 3); err != nil {
				c.Thread().Handler.Log(conn.LogError, "file: "+err.Error())
				c.Kill()
				return
			}
		}
		if _, err := t.Write(c, part, conn.WriteHTTP); err != nil {
			one.close()
			return
		}
		one.sendRange(c, t, ranges[i])
		t.Write(c, []byte("\r\n"), conn.WriteHTTP)
	}
	t.Write(c, []byte("--"+boundary+"--\r\n"), conn.WriteHTTP)
}

// hasField reports whether rendered header fields have one of that name, which is in lower case.
func hasField(fields []byte, name string) bool {
	for start := 0; start+len(name) < len(fields); start++ {
		if (start == 0 || fields[start-1] == '\n') && fields[start+len(name)] == ':' &&
			ascii.EqualFold(fields[start:start+len(name)], name) {
			return true
		}
	}
	return false
}

// Results of ServeFile, as lws_serve_http_file has them.
const (
	ServeFailed   = -1 // the connection must close
	ServeBegun    = 0  // the file is on its way, or the transaction is over
	ServeAnswered = 1  // an error was sent, the caller completes the transaction
)

// ServeFile answers the transaction under way with the file at path, which ends with a NUL.
func ServeFile(c *conn.Conn, path, mediaType, fields []byte) int {
	s := StateOf(c)
	if s == nil || !s.Active || s.transfer.active || s.Responded {
		return ServeFailed
	}
	file := content{mediaBytes: mediaType, fields: fields}
	if file.open(c, path) != files.Regular {
		if !ReturnStatus(c, 404, "") {
			return ServeFailed
		}
		return ServeAnswered
	}
	s.sendFile(c, &file)
	if !c.Open() {
		return ServeFailed
	}
	return ServeBegun
}

// ServeFragment goes on with a file as far as the peer takes it. It is done without being asked
// for; the result is 1 when the file is sent, 0 before, -1 where there is none.
func ServeFragment(c *conn.Conn) int {
	s := StateOf(c)
	if s == nil || !s.Active {
		return -1
	}
	if !s.transfer.active {
		return 1
	}
	c.Choked()
	return 0
}

// interpretPiece is how much of a file the program gets at once to change, interpretRoom how much
// it may grow by.
const (
	interpretPiece = 2048
	interpretRoom  = 2048
)

// interpret sends a file through the program's hands, as far as the peer takes it.
func (s *State) interpret(c *conn.Conn) {
	t := c.Role().(Transaction)
	space := make([]byte, interpretPiece+interpretRoom)
	for s.transfer.interpreted && !c.Choked() {
		n := int(min(interpretPiece, s.transfer.size-s.transfer.offset))
		if s.transfer.descriptor < 0 {
			copy(space[:n], s.transfer.content[s.transfer.offset:])
		} else if !files.ReadAt(s.transfer.descriptor, space[:n], s.transfer.offset) {
			c.Kill()
			return
		}
		s.transfer.offset += int64(n)
		last := s.transfer.offset == s.transfer.size
		used := 0
		if n > 0 {
			var result int
			s.depth++
			used, result = c.Thread().Handler.CallbackFill(c, conn.ProcessHTML, space, n, last)
			s.leave()
			if result < 0 || used < 0 || used > len(space) || !c.Open() {
				s.Close(c)
				return
			}
		}
		if !s.transfer.interpreted {
			return // the program ended it
		}
		t.SendChunk(c, space[:used], last)
		if last {
			s.transfer.close()
			s.transfer.active, s.transfer.memory = true, true
		}
	}
}

// fileSent tells the program that a file is on its way completely.
func (s *State) fileSent(c *conn.Conn) {
	s.transfer.close()
	c.SetTimeout(conn.TimeoutHTTPContent, c.Host().Limits.Timeout)
	if dummy(c) {
		if s.Dummy(c, conn.HTTPFileCompletion) != 0 {
			s.Close(c)
		}
		return
	}
	if s.call(c, conn.HTTPFileCompletion, nil) < 0 {
		s.Close(c)
	}
}
