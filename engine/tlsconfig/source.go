package tlsconfig

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"

	"golws/engine/certificate"
	"golws/engine/vhost"
)

// origin is where the certificate and its key come from: files, or memory.
type origin struct {
	certificateFile, keyFile string
	certificate, key         []byte
	password                 string
	prefix                   string // of the names that the program knows the fields by
}

func originOf(t *vhost.TLS, prefix string) origin {
	return origin{t.CertificateFile, t.PrivateKeyFile, t.Certificate, t.PrivateKey, t.PrivateKeyPassword, prefix}
}

func (o *origin) none() bool { return o.certificateFile == "" && len(o.certificate) == 0 }

// material is what a vhost presents: for each private key, its certificate and the chain behind it.
type material struct {
	pairs    []tls.Certificate
	warnings []string
}

// input is what was read, and where from.
type input struct {
	certificates, keys            []byte // keys are nil when they may be among the certificates
	certificatesSource, keySource string
	warning                       string
}

// read reads what the origin names. Files come first; memory is for when they cannot be had, as after a program
// dropped its privileges.
func (o *origin) read() (in input, err error) {
	warning := ""
	if o.certificateFile != "" {
		in, err := o.readFiles()
		if err == nil || len(o.certificate) == 0 || len(o.key) == 0 {
			return in, err
		}
		warning = err.Error() + ". What was given in memory is used instead"
	}
	in = input{certificates: o.certificate, certificatesSource: "certificate in memory", warning: warning}
	if len(o.key) > 0 {
		in.keys, in.keySource = o.key, "private key in memory"
	} else if o.keyFile != "" {
		err = in.readKey(o.keyFile, o.prefix)
	}
	return in, err
}

func (o *origin) readFiles() (in input, err error) {
	in.certificatesSource = "certificate " + o.certificateFile
	in.certificates, err = readFile("certificate", o.certificateFile, o.prefix+"ssl_cert_filepath")
	switch {
	case err != nil:
	case o.keyFile != "":
		err = in.readKey(o.keyFile, o.prefix)
	case len(o.key) > 0:
		in.keys, in.keySource = o.key, "private key in memory"
	}
	return in, err
}

func (in *input) readKey(path, prefix string) (err error) {
	in.keySource = "private key " + path
	in.keys, err = readFile("private key", path, prefix+"ssl_private_key_filepath")
	return err
}

// load reads, parses and checks.
func (o *origin) load(now time.Time) (*material, error) {
	in, err := o.read()
	if err != nil {
		return nil, err
	}
	certificates, err := certificate.Parse(in.certificates)
	if err != nil {
		return nil, contentError(in.certificatesSource, o.prefix, err)
	}
	var keys []crypto.Signer
	if in.keys != nil {
		keys, err = certificate.ParseKeys(in.keys, o.password)
	} else {
		// One file with both.
		in.keySource = in.certificatesSource
		keys, err = certificate.ParseKeys(in.certificates, o.password)
		if errors.Is(err, certificate.ErrNoKey) {
			return nil, &Error{in.certificatesSource, "came without a private key",
				"name its file in " + o.prefix + "ssl_private_key_filepath, or append the key to the certificate", err}
		}
	}
	if err != nil {
		return nil, contentError(in.keySource, o.prefix, err)
	}
	m := new(material)
	if err := m.pair(certificates, keys, in.certificatesSource, in.keySource); err != nil {
		return nil, err
	}
	if in.warning != "" {
		m.warnings = append(m.warnings, in.warning)
	}
	m.checkTimes(in.certificatesSource, now)
	return m, nil
}

// pair finds the certificate of each key and the chain of each certificate.
func (m *material) pair(certificates []*x509.Certificate, keys []crypto.Signer, certificateSource,
	keySource string) error {
	leaves := make([]int, 0, len(keys))
	for _, key := range keys {
		leaf := slices.IndexFunc(certificates, func(c *x509.Certificate) bool { return certificate.Matches(c, key) })
		if leaf < 0 {
			return &Error{keySource, fmt.Sprintf("the private key (%s) does not match the certificate %q (%s) of %s",
				certificate.DescribeKey(key.Public()), certificate.CommonName(certificates[0]),
				certificate.DescribeKey(certificates[0].PublicKey), certificateSource),
				"use the key that the certificate was issued for", nil}
		}
		if err := certificate.UsableForTLS(key.Public()); err != nil {
			return &Error{keySource, err.Error(), "", err}
		}
		leaves = append(leaves, leaf)
	}
	for i, leaf := range leaves {
		if slices.Contains(leaves[:i], leaf) {
			continue // the same key twice
		}
		var chain []*x509.Certificate
		if len(keys) == 1 {
			chain = slices.Delete(slices.Clone(certificates), leaf, leaf+1)
		} else {
			chain = issuers(certificates, leaf, leaves)
		}
		pair := tls.Certificate{PrivateKey: keys[i], Leaf: certificates[leaf]}
		pair.Certificate = append(pair.Certificate, certificates[leaf].Raw)
		for _, c := range chain {
			pair.Certificate = append(pair.Certificate, c.Raw)
		}
		m.pairs = append(m.pairs, pair)
	}
	return nil
}

// issuers follows the chain of certificates[leaf] through certificates.
func issuers(certificates []*x509.Certificate, leaf int, leaves []int) []*x509.Certificate {
	var chain []*x509.Certificate
	used := slices.Clone(leaves)
	for at := leaf; ; {
		next := -1
		for i, c := range certificates {
			if !slices.Contains(used, i) && slices.Equal(c.RawSubject, certificates[at].RawIssuer) &&
				certificates[at].CheckSignatureFrom(c) == nil {
				next = i
				break
			}
		}
		if next < 0 {
			return chain
		}
		used = append(used, next)
		chain = append(chain, certificates[next])
		at = next
	}
}

// checkTimes warns of certificates that clients will refuse. They are served nevertheless, as libwebsockets does:
// clients decide, and a clock may be wrong.
func (m *material) checkTimes(source string, now time.Time) {
	for i := range m.pairs {
		for n, der := range m.pairs[i].Certificate {
			c := m.pairs[i].Leaf
			if n > 0 {
				c, _ = x509.ParseCertificate(der)
			}
			name := certificate.CommonName(c)
			switch {
			case now.After(c.NotAfter):
				m.warnings = append(m.warnings, fmt.Sprintf("%s: %q expired on %s; it is served, and clients will refuse "+
					"it: renew it", source, name, c.NotAfter.UTC().Format(time.DateTime+" MST")))
			case now.Before(c.NotBefore):
				m.warnings = append(m.warnings, fmt.Sprintf("%s: %q is not valid before %s; it is served, and clients "+
					"will refuse it until then: check the clock", source, name,
					c.NotBefore.UTC().Format(time.DateTime+" MST")))
			}
		}
	}
}
