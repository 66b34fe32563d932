package client

import (
	"net/url"
	"strconv"

	"golws/engine/conn"
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
	if get && config.Method != "" {
		config.Method, config.Form = "GET", ""
	}
	if config.tls {
		h.Log(conn.LogNotice, "client: redirected to "+location+": TLS is not supported yet")
		return "HS: Redirect failed"
	}
	request, local, err := config.request(c.Thread(), c.Host())
	if err != nil {
		return "HS: Redirect failed"
	}
	next, err := newDialer(&config, request, c.Host())
	if err != nil {
		h.Log(conn.LogNotice, "client: redirected to "+location+": "+err.Error())
		return "HS: Redirect failed"
	}
	next.redirects = d.redirects + 1
	next.conn = c
	next.transaction.ToGet = d.transaction.ToGet || get
	c.Disconnect()
	d.transaction.Leave(c)
	c.SetRole(next)
	c.DelayWritable()
	next.start(local)
	return ""
}

// redirect changes what is asked for to what a Location header says (RFC 9110 section 10.2.2).
func (config *Config) redirect(location string) bool {
	base := &url.URL{Scheme: "http", Host: "server"}
	if path, err := url.ParseRequestURI(target(config.Path)); err == nil {
		base.Path, base.RawPath, base.RawQuery = path.Path, path.RawPath, path.RawQuery
	}
	to, err := url.Parse(location)
	if err != nil || to.Opaque != "" || to.User != nil {
		return false
	}
	whole := base.ResolveReference(to)
	switch whole.Scheme {
	case "http", "ws":
	case "https", "wss":
		config.tls = true
	default:
		return false
	}
	config.Path = whole.RequestURI()
	if to.Host == "" {
		return true
	}
	config.Address, config.Port, config.Host = to.Hostname(), 80, ""
	if port := to.Port(); port != "" {
		if config.Port, err = strconv.Atoi(port); err != nil {
			return false
		}
	}
	return config.Address != "" && config.Address[0] != '+'
}
