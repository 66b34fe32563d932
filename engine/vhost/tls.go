package vhost

// TLS is what a virtual host was given to serve TLS with, as the C interface names it, or, with client_ before the
// names, for its connections as a client. Package tlsconfig makes a configuration of it.
type TLS struct {
	CertificateFile    string // ssl_cert_filepath: PEM, the chain in order
	PrivateKeyFile     string // ssl_private_key_filepath
	PrivateKeyPassword string // ssl_private_key_password
	CAFile             string // ssl_ca_filepath: who is trusted to vouch for the peer

	// The same from memory, PEM or DER; copies, so that a reload can go back to them.
	Certificate []byte // server_ssl_cert_mem
	PrivateKey  []byte // server_ssl_private_key_mem
	CA          []byte // server_ssl_ca_mem

	CipherList      string // ssl_cipher_list: OpenSSL's names, TLS 1.2
	CipherSuites    string // tls1_3_plus_cipher_list: TLS 1.3
	OptionsSet      uint64 // ssl_options_set: bits of OpenSSL's SSL_OP_
	OptionsClear    uint64 // ssl_options_clear
	Curve           string // ecdh_curve
	ALPN            string // alpn: protocols, separated by commas; empty for the default
	SessionLifetime int    // tls_session_timeout, seconds; 0 for the default
	SessionCacheMax int    // tls_session_cache_max; 0 for the default
}
