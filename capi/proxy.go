package main

// #include "lwsgo_proxy.h"
import "C"

import (
	"golws/callbacks"
	"golws/engine/conn"
	"golws/engine/proxy"
)

// vhostProxy is the proxy of a vhost for one of the two protocols.
type vhostProxy struct {
	config *proxy.Config
	// refused is what is wrong with the one that the program has named when it created the vhost. Connections are not
	// made then: directly they might show what is to be hidden.
	refused error
}

// proxies are the proxies of a vhost in the order in which they are asked.
func (v *vhostEntry) proxies() (list []*proxy.Config, err error) {
	for _, p := range [...]vhostProxy{v.httpProxy, v.socksProxy} {
		if p.refused != nil {
			return nil, p.refused
		}
		if p.config != nil {
			list = append(list, p.config)
		}
	}
	return list, nil
}

//export lwsgo_vhost_set_proxy
func lwsgo_vhost_set_proxy(key C.uint32_t, asked *C.struct_golws_proxy_config) (result C.int) {
	function, what := "lws_set_proxy", "http_proxy"
	defer guard(function, &result, -1)
	v := vhosts.get(uint32(key))
	if v == nil {
		return -1
	}
	p := &v.httpProxy
	if asked.socks != 0 {
		p, function, what = &v.socksProxy, "lws_set_socks", "socks_proxy"
	}
	var config *proxy.Config
	var err error
	if asked.origin == C.GOLWS_PROXY_ENVIRONMENT {
		config, err = proxy.FromEnvironment(text(asked.text), asked.socks != 0, text(asked.no_proxy))
	} else {
		known := int(asked.port)
		if known == 0 && p.config != nil {
			known = p.config.Port
		}
		config, err = proxy.Parse(text(asked.text), asked.socks != 0, known)
	}
	if err != nil {
		callbacks.Log(conn.LogError, function+": "+what+" "+err.Error())
		if asked.origin == C.GOLWS_PROXY_CREATION {
			p.refused = err
		}
		return -1
	}
	*p = vhostProxy{config: config}
	return 0
}
