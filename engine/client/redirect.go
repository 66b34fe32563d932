package client

import (
	"net"
	"net/url"
	"strconv"
	"strings"

	"golws/engine/conn"
	"golws/engine/httpclient"
	"golws/engine/vhost"
)

// maxRedirects is how many times in a row a connection follows.
const maxRedirects = 3

// follow begins anew where a redirect leads.
func (d *dialer) follow(c *conn.Conn, location string, get bool) (problem string) {
	h := c.Thread().Handler
	if d.redirects == maxRedirects {
		h.Log(conn.LogNotice, "client: more than "+strconv.Itoa(maxRedirects)+" redirects, the last one to "+location)
		return "HS: Redirect failed"
	}
	config := *d.config
	if !config.redirect(location) {
		return "HS: URI did not parse"
	}
	if d.config.tls && !config.tls && !config.Downgrade {
		return "HS: Redirect attempted SSL downgrade"
	}
	if get && config.Method != "" {
		config.Method, config.Form = "GET", ""
	}
	config.elsewhere = config.elsewhere || !d.config.sameOrigin(&config)
	if err := d.move(&config, get); err != nil {
		h.Log(conn.LogNotice, "client: redirected to "+location+": "+err.Error())
		return "HS: Redirect failed"
	}
	return ""
}

// reset begins anew with a server that the program names. It counts as a redirect, but the credentials of the program
// are for that server too.
func (d *dialer) reset(c *conn.Conn, to httpclient.Destination) bool {
	h := c.Thread().Handler
	if d.redirects == maxRedirects {
		h.Log(conn.LogError, "lws_client_reset: more than "+strconv.Itoa(maxRedirects)+" redirects and resets")
		return false
	}
	config := *d.config
	config.tls, config.Address, config.Port = to.Secure, to.Address, to.Port
	config.Path, config.Host = to.Target, to.Host
	if err := d.move(&config, false); err != nil {
		h.Log(conn.LogError, "lws_client_reset: "+err.Error())
		return false
	}
	return true
}

// move goes on with a request of another server, or of another path.
func (d *dialer) move(config *Config, get bool) error {
	next, local, err := d.successor(config)
	if err != nil {
		return err
	}
	next.transaction.Inherit(d.transaction, d.config.sameOrigin(config))
	next.transaction.ToGet = d.transaction.ToGet || get
	next.redirects = d.redirects + 1
	next.http1Only = d.http1Only && d.config.sameOrigin(config)
	d.succeed(next, local)
	return nil
}

// repeat makes the same request again, on a connection of its own.
func (d *dialer) repeat(c *conn.Conn) (problem string) {
	next, local, err := d.successor(d.config)
	if err != nil {
		return "HS: ws upgrade unauthorized"
	}
	next.transaction.Inherit(d.transaction, true)
	next.redirects = d.redirects
	next.http1Only = d.http1Only
	d.succeed(next, local)
	return ""
}

// successor makes the dialer that the connection goes on with.
func (d *dialer) successor(config *Config) (next *dialer, local *vhost.Protocol, err error) {
	if next, local, err = newDialer(config, d.conn.Thread(), d.conn.Host()); err != nil {
		return nil, nil, err
	}
	next.conn = d.conn
	return next, local, nil
}

// succeed lets the successor begin.
func (d *dialer) succeed(next *dialer, local *vhost.Protocol) {
	c := d.conn
	c.Disconnect()
	d.transaction.Leave(c)
	c.SetRole(next)
	c.DelayWritable()
	next.start(local)
}

// sameOrigin reports whether two requests go to the same server, or from its plain port to the one with TLS.
func (config *Config) sameOrigin(other *Config) bool {
	if name := other.serverName(); !strings.EqualFold(config.serverName(), name) && !strings.EqualFold(config.Address, name) {
		return false
	}
	return config.tls == other.tls && config.Port == other.Port ||
		!config.tls && other.tls && config.Port == 80 && other.Port == 443
}

// serverName is the host that a request is for.
func (config *Config) serverName() string {
	if config.Host == "" {
		return config.Address
	}
	name := config.Host
	if host, _, err := net.SplitHostPort(name); err == nil {
		name = host
	}
	return strings.Trim(name, "[]")
}

// redirect changes what is asked for to what a Location header says (RFC 9110 section 10.2.2).
func (config *Config) redirect(location string) bool {
	base := &url.URL{Scheme: "http", Host: "server"}
	if config.tls {
		base.Scheme = "https"
	}
	if path, err := url.ParseRequestURI(target(config.Path)); err == nil {
		base.Path, base.RawPath, base.RawQuery = path.Path, path.RawPath, path.RawQuery
	}
	to, err := url.Parse(location)
	if err != nil || to.Opaque != "" || to.User != nil {
		return false
	}
	whole := base.ResolveReference(to)
	port := 80
	switch whole.Scheme {
	case "http", "ws":
		config.tls = false
	case "https", "wss":
		config.tls, port = true, 443
	default:
		return false
	}
	config.Path = whole.RequestURI()
	if to.Host == "" {
		return true
	}
	config.Address, config.Port, config.Host = to.Hostname(), port, ""
	if port := to.Port(); port != "" {
		if config.Port, err = strconv.Atoi(port); err != nil {
			return false
		}
	}
	return config.Address != "" && config.Address[0] != '+'
}
