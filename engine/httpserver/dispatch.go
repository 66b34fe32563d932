package httpserver

import (
	"bytes"
	"strconv"
	"strings"

	"golws/engine/conn"
	"golws/engine/vhost"
)

// AccessChecker is a Handler that can ask the program whether a request may pass a mount that
// names a protocol (the CheckAccessRights callback). handled means that the program has answered
// the request itself.
type AccessChecker interface {
	CheckAccess(c *conn.Conn, path []byte, mask uint32) (result int, handled bool)
}

// Start serves a request whose head is complete. upgradable tells that the version and the request
// allow another protocol to take the connection over.
func (s *State) Start(c *conn.Conn, r *Request, upgradable bool) {
	s.Request, s.Version, s.Method = r, r.Version, r.Method
	s.Active, s.Responded, s.Last = true, false, false
	c.SetTimeout(conn.NoPendingTimeout, 0)
	s.depth++ // the request stays while this looks at it
	s.start(c, r, upgradable)
	s.leave()
	s.Settle(c)
}

func (s *State) start(c *conn.Conn, r *Request, upgradable bool) {
	h := host(c, r)
	if s.turnedAway(c, r, h) {
		return
	}
	moved := s.move(c, r, h, upgradable)
	if s.rejected(c, r) {
		return
	}
	path := r.Path()
	mount := findMount(c.Host().Vhost, path)
	if mount != nil && s.redirected(c, mount, path) {
		return
	}
	if upgradable && (r.Extended || r.Has(TokenUpgrade)) && s.upgrade(c, r) {
		return
	}
	if r.Extended {
		// RFC 8441 section 4: who asks for something unknown gets no ordinary response.
		s.sendStatus(c, 501, "", "")
		s.Close(c)
		return
	}
	if !s.action(c, mount, path, moved) {
		s.Close(c)
	}
}

// rejected refuses requests of user agents that the vhost does not serve.
func (s *State) rejected(c *conn.Conn, r *Request) bool {
	list := c.Host().Rejected
	if len(list) == 0 {
		return false
	}
	agent := r.Value(TokenUserAgent)
	for i := range list {
		if list[i].Name == "" || !bytes.Contains(agent, []byte(list[i].Name)) {
			continue
		}
		number, text, _ := strings.Cut(list[i].Value, " ")
		status, err := strconv.Atoi(number)
		if err != nil || status < 200 || status > 599 {
			status = 403
		}
		s.Last = true
		s.sendStatus(c, status, text, "")
		s.Close(c)
		return true
	}
	return false
}

// Close ends the connection because the program or the peer asked for it: what is queued is still
// sent, and the program hears of the end now.
func (s *State) Close(c *conn.Conn) {
	if c.Open() {
		c.Finish()
	}
	if !c.Killed() && c.Thread().Loop.Processing() {
		c.DeliverClosed()
	}
}

// complete ends the transaction where the library made the response.
func (s *State) complete(c *conn.Conn) {
	if t, ok := c.Role().(Transaction); ok && !t.Complete(c) {
		s.Close(c)
	}
}

// upgrade lets another protocol take over. It reports false where the request is to be served as
// HTTP.
func (s *State) upgrade(c *conn.Conn, r *Request) bool {
	var take conn.Upgrade
	named := TokenUpgrade
	if r.Extended {
		named = TokenColonProtocol
	}
	for name, f := range c.Thread().Upgrades {
		if r.Contains(named, name) {
			take = f
			break
		}
	}
	if take == nil {
		return false
	}
	role := c.Role()
	if s.depth++; take(c, r) {
		s.leave()
		return true
	}
	s.leave()
	if c.Role() != role || c.Killed() {
		return true
	}
	refusal := r.Refusal
	r.Refusal = Refusal{}
	switch {
	case refusal.Hangup:
		s.silent = true
		s.Close(c)
	case refusal.Answered:
		s.complete(c)
	case refusal.Status != 0:
		s.silent = true
		s.Last = true
		s.sendStatus(c, refusal.Status, "", refusal.Fields)
		s.Close(c)
	default:
		return false
	}
	return true
}

// action serves a request that stays one of HTTP. It reports false where the connection must close.
// moved tells that the connection came from another vhost, whose protocol still gets the filter
// callback.
func (s *State) action(c *conn.Conn, mount *vhost.Mount, path []byte, moved bool) bool {
	if c.Protocol() == nil && !moved && !c.BindProtocol(defaultProtocol(c)) {
		return false
	}
	if !dummy(c) {
		if s.call(c, conn.FilterHTTPConnection, path) != 0 {
			return false
		}
		if !s.Active || !c.Open() {
			return true
		}
	}
	c.SetTimeout(conn.TimeoutHTTPContent, c.Host().Limits.Timeout)
	if mount == nil {
		return s.Bind(c, c.Host().Protocols[0]) && s.request(c, path)
	}
	if !s.adopted(c) {
		return false
	}
	if !s.authorised(c, mount) {
		return true
	}
	switch mount.Kind {
	case vhost.OriginHTTP, vhost.OriginHTTPS, vhost.OriginCGI:
		c.Thread().Handler.Log(conn.LogError, "mount "+mount.Mountpoint+": this kind of origin is not served")
		s.sendStatus(c, 501, "", "")
		s.complete(c)
		return true
	}
	if mount.Kind == vhost.OriginCallback || mount.Protocol != "" {
		return s.mounted(c, mount, path)
	}
	if s.canServe() && s.serveMount(c, mount, path[len(mount.Mountpoint):], nil) {
		return true
	}
	return s.request(c, path)
}

// adopted makes sure that the connection has a protocol of its vhost, after it came from another one.
func (s *State) adopted(c *conn.Conn) bool {
	if c.Protocol() != nil {
		return true
	}
	if s.bound != nil {
		return s.Bind(c, defaultProtocol(c))
	}
	return c.BindProtocol(defaultProtocol(c))
}

// mounted serves a request for a mount that names a protocol. Where the name is the mount's origin,
// the program gets the whole path, otherwise, and always with POST, what is behind the mountpoint:
// that is what programs are used to.
func (s *State) mounted(c *conn.Conn, mount *vhost.Mount, path []byte) bool {
	name := mount.Protocol
	if name == "" {
		name = mount.Origin
	}
	p := c.Host().ProtocolByName(name)
	if p == nil {
		c.Thread().Handler.Log(conn.LogError, "mount "+mount.Mountpoint+" names protocol "+name+", which the vhost has not")
		return false
	}
	if !s.Bind(c, p) {
		return false
	}
	if !p.Dummy {
		done, ok := s.admitted(c, mount, path)
		if done || !ok {
			return ok
		}
		if !s.tellEnvironment(c, mount) {
			return false
		}
	}
	rest := path[len(mount.Mountpoint):]
	if s.Method == MethodPost {
		return s.request(c, rest)
	}
	if mount.Kind == vhost.OriginFile && s.canServe() {
		if s.serveMount(c, mount, rest, p) {
			return true
		}
		if !c.Open() {
			return true
		}
	}
	if mount.Protocol == "" {
		return s.request(c, path)
	}
	return s.Bind(c, p) && s.request(c, rest)
}

// admitted asks the program whether the request may pass the mount. ok is false where the
// connection must close, done is true where nothing more is to do.
func (s *State) admitted(c *conn.Conn, mount *vhost.Mount, path []byte) (done, ok bool) {
	if checker, has := c.Thread().Handler.(AccessChecker); has {
		s.depth++
		result, handled := checker.CheckAccess(c, path, mount.AuthMask&^vhost.AuthModeMask)
		s.leave()
		if result != 0 {
			s.Last = true
			s.sendStatus(c, 401, "", "")
			return true, false
		}
		if handled || !s.Active || !c.Open() {
			return true, true
		}
	}
	return false, s.Active && c.Open()
}

// tellEnvironment gives the program the options that it set for the mount.
func (s *State) tellEnvironment(c *conn.Conn, mount *vhost.Mount) bool {
	if mount.Environment == 0 {
		return true
	}
	s.depth++
	result := c.Thread().Handler.CallbackValue(c, conn.HTTPPMO, mount.Environment, 0)
	s.leave()
	return result == 0 && c.Open()
}

// request delivers the request to the program.
func (s *State) request(c *conn.Conn, path []byte) bool {
	if dummy(c) {
		return s.Dummy(c, conn.HTTP) == 0
	}
	return s.callForResponse(c, conn.HTTP, path) == 0
}

// Dummy does what lws_callback_http_dummy does with an event of HTTP.
func (s *State) Dummy(c *conn.Conn, reason conn.Reason) int {
	switch reason {
	case conn.HTTP:
		if !ReturnStatus(c, 404, "") {
			return -1
		}
	case conn.HTTPBodyCompletion:
		if s.Responded {
			return 0
		}
		if !ReturnStatus(c, 200, "") {
			return -1
		}
	case conn.HTTPFileCompletion:
	default:
		return 0
	}
	if t, ok := c.Role().(Transaction); ok && !t.Complete(c) {
		return -1
	}
	return 0
}
