package httpclient

import (
	"golws/engine/conn"
	"golws/engine/contentcoding"
	"golws/engine/httpserver"
)

// appendAccepted tells the server which content codings are undone. A program that names some of its own is left alone,
// and so is one that asks for a range: part of a compressed body is of no use.
func (t *Transaction) appendAccepted(head []byte) []byte {
	if t.Options.Decode && t.Request.Offer == nil && !hasField(head, "accept-encoding") && !hasField(head, "range") {
		head = append(head, "Accept-Encoding: "+contentcoding.Accepted+"\r\n"...)
	}
	return head
}

// chooseDecoder prepares for the content coding of the response. Nothing of a coding that is undone is found in the
// response: a program that undoes codings itself must not do it again, and the length is not that of what it gets.
func (t *Transaction) chooseDecoder() {
	if !t.Options.Decode || t.response.Status == 206 || !t.response.Has(httpserver.TokenContentEncoding) {
		return
	}
	field := t.response.Append(nil, httpserver.TokenContentEncoding)
	if t.decoder = contentcoding.New(string(field)); t.decoder != nil {
		t.response.Remove(httpserver.TokenContentEncoding)
		t.response.Remove(httpserver.TokenContentLength)
	}
}

// deliver hands a piece of the body to the program. It reports false where the connection is to be closed.
func (t *Transaction) deliver(c *conn.Conn, piece []byte, size int, deliver func(piece []byte) int) bool {
	if t.decoder == nil {
		return deliver(piece) == 0
	}
	t.decoder.Push(piece)
	for !t.gone(c) {
		p, err := t.decoder.Next(size)
		if !t.judge(c, err) {
			return false
		}
		if len(p) == 0 {
			return true
		}
		if deliver(p) != 0 {
			return false
		}
	}
	return !c.Killed()
}

// decoded reports whether the body may end here, and closes the connection if not.
func (t *Transaction) decoded(c *conn.Conn) bool {
	return t.decoder == nil || t.judge(c, t.decoder.End())
}

// judge closes the connection for what is wrong with the body.
func (t *Transaction) judge(c *conn.Conn, err error) bool {
	if err != nil {
		c.Thread().Handler.Log(conn.LogNotice, "client: the response cannot be used: "+err.Error())
		c.Kill()
	}
	return err == nil
}
