package certificate

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// JWK holds the numbers of a key as RFC 7518 section 6 names them, big-endian. Those of curves have the length that the
// curve asks for, the others no leading zeros. Public keys have nothing from D on.
type JWK struct {
	Curve                  string // of an EC key: P-256, P-384 or P-521; empty for RSA
	X, Y                   []byte // EC
	N, E                   []byte // RSA
	D                      []byte // both
	P, Q, DP, DQ, QInverse []byte // RSA
}

// PublicJWK returns the public key of a certificate. curves are the names of acceptable curves with commas between, none
// meaning no EC keys; least is how many bits an RSA modulus has to have.
func PublicJWK(c *x509.Certificate, curves string, least int) (*JWK, error) {
	switch public := c.PublicKey.(type) {
	case *rsa.PublicKey:
		if public.N.BitLen() < least {
			return nil, fmt.Errorf("the RSA key has %d bits, fewer than %d", public.N.BitLen(), least)
		}
		return &JWK{N: public.N.Bytes(), E: big.NewInt(int64(public.E)).Bytes()}, nil
	case *ecdsa.PublicKey:
		name := public.Curve.Params().Name
		acceptable := slices.ContainsFunc(strings.Split(curves, ","),
			func(one string) bool { return strings.TrimSpace(one) == name })
		if !acceptable || !slices.Contains([]string{"P-256", "P-384", "P-521"}, name) {
			return nil, fmt.Errorf("the key is on the curve %s, which is none of %q", name, curves)
		}
		point, err := public.Bytes() // 4, x, y
		if err != nil {
			return nil, err
		}
		half := (len(point) - 1) / 2
		return &JWK{Curve: name, X: point[1 : 1+half], Y: point[1+half:]}, nil
	}
	return nil, fmt.Errorf("a key of the kind %s has no form as RSA or EC JWK", DescribeKey(c.PublicKey))
}

// AddPrivate adds the private part, from PEM or DER. It has to belong to the public one.
func (j *JWK) AddPrivate(data []byte, password string) error {
	keys, err := ParseKeys(data, password)
	if err != nil {
		return err
	}
	switch key := keys[0].(type) {
	case *rsa.PrivateKey:
		if j.Curve != "" {
			return errors.New("the private key is RSA, the public one EC")
		}
		if !slices.Equal(j.N, key.N.Bytes()) || !slices.Equal(j.E, big.NewInt(int64(key.E)).Bytes()) {
			return errors.New("the private key does not belong to the public one")
		}
		if len(key.Primes) != 2 {
			return errors.New("the RSA key has more than two primes")
		}
		key.Precompute()
		j.D, j.P, j.Q = key.D.Bytes(), key.Primes[0].Bytes(), key.Primes[1].Bytes()
		j.DP, j.DQ, j.QInverse = key.Precomputed.Dp.Bytes(), key.Precomputed.Dq.Bytes(), key.Precomputed.Qinv.Bytes()
		return nil
	case *ecdsa.PrivateKey:
		if j.Curve == "" {
			return errors.New("the private key is EC, the public one RSA")
		}
		point, err := key.PublicKey.Bytes()
		if err != nil {
			return err
		}
		if !slices.Equal(point[1:], slices.Concat(j.X, j.Y)) || key.Curve.Params().Name != j.Curve {
			return errors.New("the private key does not belong to the public one")
		}
		j.D, err = key.Bytes()
		return err
	}
	return fmt.Errorf("a private key of the kind %s has no form as RSA or EC JWK", DescribeKey(keys[0].Public()))
}
