// Package vhost holds what a virtual host is made of as plain values: names, protocols, mounts,
// options, limits. It is filled in once at creation and read by the roles.
package vhost
