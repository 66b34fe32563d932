package tlsconfig

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"syscall"

	"golws/engine/certificate"
)

// Error says what is wrong with something that a virtual host was given, and what helps.
type Error struct {
	Source string // the file, or where else it came from
	Reason string
	Remedy string
	Cause  error // nil where there is none
}

// Error is "source: reason; remedy".
func (e *Error) Error() string {
	text := e.Source + ": " + e.Reason
	if e.Remedy != "" {
		text += "; " + e.Remedy
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// largestFile is more than any certificate, key or list of authorities takes.
const largestFile = 16 << 20

// readFile reads a file of the given kind ("certificate", ...), which the program names in field.
func readFile(kind, path, field string) ([]byte, error) {
	source := kind + " " + path
	info, err := os.Stat(path)
	if err == nil {
		switch {
		case info.IsDir():
			return nil, &Error{source, "is a directory", "name the file in " + field, syscall.EISDIR}
		case !info.Mode().IsRegular():
			return nil, &Error{source, "is not a regular file", "name a file in " + field, syscall.EINVAL}
		case info.Size() > largestFile:
			return nil, &Error{source, fmt.Sprintf("has %d bytes, more than any %s", info.Size(), kind),
				"name another file in " + field, syscall.EFBIG}
		}
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(path)
	}
	switch {
	case err == nil && len(data) == 0:
		return nil, &Error{source, "is empty", "write the " + kind + " to it", certificate.ErrNone}
	case err == nil:
		return data, nil
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR):
		return nil, &Error{source, "does not exist", "create it or correct " + field, err}
	case errors.Is(err, fs.ErrPermission):
		return nil, &Error{source, "may not be read by user " + strconv.Itoa(os.Geteuid()) + " (permission denied)",
			"let that user read it and pass through its directories", err}
	}
	var cause *fs.PathError
	if errors.As(err, &cause) {
		err = cause.Err
	}
	return nil, &Error{source, "cannot be read: " + err.Error(), "", err}
}

// contentError adds where the bytes came from, and a remedy, to an error of package certificate. prefix is what the
// names of the program's fields begin with.
func contentError(source, prefix string, err error) error {
	remedy := ""
	switch {
	case errors.Is(err, certificate.ErrPasswordMissing):
		remedy = "set " + prefix + "ssl_private_key_password"
	case errors.Is(err, certificate.ErrPassword):
		remedy = "correct " + prefix + "ssl_private_key_password"
	case errors.Is(err, certificate.ErrNone):
		remedy = `PEM begins with "-----BEGIN CERTIFICATE-----"`
	case errors.Is(err, certificate.ErrNoKey):
		remedy = `PEM begins with "-----BEGIN PRIVATE KEY-----" or the like`
	}
	return &Error{source, err.Error(), remedy, err}
}
