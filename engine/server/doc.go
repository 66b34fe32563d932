// Package server puts the parts together: a context with its service threads, virtual hosts and
// listeners, and the roles that its connections can speak.
package server
