package client

import (
	"cmp"
	"crypto/tls"

	"golws/engine/conn"
	"golws/engine/loop"
	"golws/engine/tlsconfig"
	"golws/engine/tlsconn"
)

// TLS is what a program asks for of a connection that is encrypted.
type TLS struct {
	Allow       tlsconfig.Allow
	Protocols   string           // for ALPN, with commas between; empty: as the vhost and the kind of connection have it
	Certificate *tls.Certificate // to be shown in place of the vhost's; nil: that
	Number      int              // of that certificate among the system's, beginning with 1; 0 where there is none
}

// startTLS is the stage that begins TLS.
func (d *dialer) startTLS(c *conn.Conn, done func(problem string)) {
	client := c.Host().ClientTLS
	if client == nil {
		c.Thread().Handler.Log(conn.LogError, "vhost "+c.Host().Name+" has no TLS for connections that it makes: create it "+
			"with LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT, or call lws_init_vhost_client_ssl()")
		done("bio_create failed")
		return
	}
	if !c.CountTLS() {
		done("tls restriction limit")
		return
	}
	config := client.Connection(d.config.tlsName())
	asked := d.config.askedTLS()
	config.Allow, config.Certificate = asked.Allow, asked.Certificate
	config.Session = tlsconfig.SessionName(d.config.tlsName(), d.config.Port, asked.Number)
	switch {
	case d.http1Only:
		config.SetProtocols("http/1.1")
	case asked.Protocols != "":
		config.SetProtocols(asked.Protocols)
	case d.config.Method == "":
		// WebSocket over HTTP/2 is for servers that the program knows to have it.
		config.SetProtocols("http/1.1")
	case d.config.Method == "RAW":
		config.SetProtocols("")
	}
	begin := loop.Now()
	tlsconn.BeginClient(c, config, func(err error) {
		if err != nil {
			done(err.Error())
			return
		}
		c.Measured().Handshake = conn.Since(begin)
		d.negotiated = tlsconn.Of(c).State().NegotiatedProtocol
		done("")
	})
}

// askedTLS is what TLS is to be like, where there is any.
func (config *Config) askedTLS() *TLS { return cmp.Or(config.TLS, config.RedirectTLS, &TLS{}) }

// tlsName is what the server's certificate is to be for.
func (config *Config) tlsName() string {
	if config.Host == "" && config.Address[0] == '+' {
		return "localhost"
	}
	return cmp.Or(config.Host, config.Address)
}
