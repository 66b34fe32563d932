package ws

import (
	"testing"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/httpserver"
	"golws/engine/vhost"
)

// field is a header field of a response.
type field struct {
	token httpserver.Token
	value string
}

func response(status int, fields ...field) *httpserver.Request {
	r := httpserver.NewRequest()
	r.Status = status
	r.SetText([]byte{0})
	for _, f := range fields {
		start, end := r.Store([]byte(f.value))
		r.Add(f.token, start, end)
	}
	return r
}

// offering is an offer whose request was made.
func offering(t testing.TB, protocols, extension string) (*Offer, *conn.Conn) {
	v := conntest.DefaultVhost("http")
	if extension != "" {
		v.Extensions = []vhost.Extension{{Name: extensionName, ClientOffer: extension}}
	}
	s := conntest.New(t, &conntest.Program{}, v)
	Register(s.Thread)
	var c *conn.Conn
	s.Connect(func(made *conn.Conn) conn.Role {
		c = made
		return &Role{side: &clientSide, shared: &shared{}}
	})
	o := s.Thread.Offers["websocket"]().(*Offer)
	o.SetProtocols(protocols)
	s.Do(func() { o.AppendFields(c, nil) })
	return o, c
}

func TestOfferCheck(t *testing.T) {
	const offer = "permessage-deflate; client_max_window_bits"
	o, _ := offering(t, "chat, superchat", offer)
	accept := string(appendAccept(nil, o.key[:]))
	upgrade, connection := field{httpserver.TokenUpgrade, "WebSocket"}, field{httpserver.TokenConnection, "keep-alive, Upgrade"}
	accepted := field{httpserver.TokenAccept, accept}
	with := func(more ...field) []field { return append([]field{upgrade, connection, accepted}, more...) }
	protocol := func(s string) field { return field{httpserver.TokenProtocol, s} }
	extension := func(s string) field { return field{httpserver.TokenExtensions, s} }
	for _, test := range []struct {
		status int
		fields []field
		want   string
	}{
		{101, with(), ""},
		{101, with(protocol("superchat")), ""},
		{101, with(extension("permessage-deflate")), ""},
		{101, with(extension("permessage-deflate; client_max_window_bits=10; server_no_context_takeover")), ""},
		{401, with(), "HS: ws upgrade unauthorized"},
		{200, with(), "HS: ws upgrade response not 101"},
		{101, []field{upgrade, connection}, "HS: ACCEPT missing"},
		{101, []field{connection, accepted}, "HS: UPGRADE missing"},
		{101, []field{{httpserver.TokenUpgrade, "h2c"}, connection, accepted}, "HS: Upgrade to something other than websocket"},
		{101, []field{upgrade, accepted}, "HS: UPGRADE malformed"},
		{101, []field{upgrade, {httpserver.TokenConnection, "close"}, accepted}, "HS: UPGRADE malformed"},
		{101, with(protocol("Chat")), "HS: PROTOCOL malformed"},
		{101, with(protocol("chat, superchat")), "HS: PROTOCOL malformed"},
		{101, with(protocol("chat"), protocol("superchat")), "HS: PROTOCOL malformed"},
		{101, with(protocol("")), "HS: PROTOCOL malformed"},
		{101, with(extension("x-own")), "HS: EXT: unknown ext"},
		{101, with(extension("permessage-deflate;;")), "HS: EXT: failed parsing options"},
		{101, with(extension("permessage-deflate; x=1")), "HS: EXT: Rejects server options"},
		{101, with(extension("permessage-deflate, permessage-deflate")), "HS: EXT: Rejects server options"},
		{101, with(extension("permessage-deflate; client_max_window_bits=7")), "HS: EXT: Rejects server options"},
		{101, []field{upgrade, connection, {httpserver.TokenAccept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}}, "HS: Accept hash wrong"},
		{101, with(accepted), "HS: Accept hash wrong"},
	} {
		o.agreed = nil
		if got := o.Check(nil, response(test.status, test.fields...)); got != test.want {
			t.Errorf("%d %v: %q, expected %q", test.status, test.fields, got, test.want)
		}
	}
	// What was not offered must not be used.
	plain, _ := offering(t, "", "")
	accepted.value = string(appendAccept(nil, plain.key[:]))
	for want, more := range map[string]field{"HS: EXT: unknown ext": extension("permessage-deflate"), "HS: PROTOCOL malformed": protocol("chat")} {
		if got := plain.Check(nil, response(101, with()[0], with()[1], accepted, more)); got != want {
			t.Errorf("%v without an offer: %q", more, got)
		}
	}
}

func TestPermits(t *testing.T) {
	for _, test := range []struct {
		offer, answer parameters
		want          bool
	}{
		{parameters{}, parameters{}, true},
		{parameters{}, parameters{serverBits: 10, serverNoTakeover: true, clientNoTakeover: true}, true},
		{parameters{}, parameters{clientBits: 15}, false},
		{parameters{clientBits: 12}, parameters{clientBits: 12}, true},
		{parameters{clientBits: 12}, parameters{clientBits: 13}, false},
		{parameters{serverBits: 12}, parameters{}, false},
		{parameters{serverBits: 12}, parameters{serverBits: 13}, false},
		{parameters{serverBits: 12}, parameters{serverBits: 9}, true},
		{parameters{serverNoTakeover: true}, parameters{}, false},
	} {
		if got := test.offer.permits(&test.answer); got != test.want {
			t.Errorf("%+v answered by %+v: %v", test.offer, test.answer, got)
		}
	}
}

// TestNoAllocationByClients: a message is received and answered without the garbage collector's help, by a
// client too.
func TestNoAllocationByClients(t *testing.T) {
	for _, size := range []int{0, 32, 1000, 40_000, 100_000} {
		e := newEcho()
		e.records = false
		e.on = func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) (int, bool) {
			if reason == conn.ClientReceive {
				if m.First {
					e.message = e.message[:0]
				}
				if e.message = append(e.message, in...); m.Final && m.Remaining == 0 {
					c.Write(e.message, conn.WriteBinary)
				}
			}
			return 0, true
		}
		b := open(t, e, pieceSize(65536), nil)
		b.role.side = &clientSide
		var answer [128 << 10]byte
		b.client.unmasked = true
		request := b.client.frame(bitFinal|opBinary, make([]byte, size))
		want := headerSize(size, true) + size
		once := func() {
			b.client.send(request)
			for got := 0; got < want; {
				b.server.Turn(0)
				b.server.Turn(0)
				n, err := b.client.Conn.Read(answer[:])
				if err != nil {
					t.Fatal(err)
				}
				got += n
			}
		}
		for range 20 {
			once()
		}
		if n := testing.AllocsPerRun(200, once); n != 0 {
			t.Errorf("%d bytes: %v allocations for each message", size, n)
		}
		b.stop()
	}
}

// FuzzClientOffer: whatever a server answers is judged without a panic, and agreed on only where it is proper.
func FuzzClientOffer(f *testing.F) {
	f.Add("superchat", "permessage-deflate; client_max_window_bits=10", "Upgrade")
	f.Add("chat,", "permessage-deflate; server_max_window_bits=\"9\", x", "a, upgrade;q")
	f.Add("", ",,;=\"", "")
	o, _ := offering(f, "chat, superchat", "permessage-deflate; client_max_window_bits")
	accept := string(appendAccept(nil, o.key[:]))
	f.Fuzz(func(t *testing.T, protocol, extensions, connection string) {
		o.agreed = nil
		r := response(101, field{httpserver.TokenUpgrade, "websocket"}, field{httpserver.TokenConnection, connection},
			field{httpserver.TokenAccept, accept}, field{httpserver.TokenProtocol, protocol}, field{httpserver.TokenExtensions, extensions})
		defer r.Release()
		if o.Check(nil, r) == "" && protocol != "chat" && protocol != "superchat" {
			t.Errorf("protocol %q is accepted", protocol)
		}
	})
}
