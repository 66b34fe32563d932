package main

// #include "lwsgo_client.h"
import "C"

import (
	"net"
	"unsafe"
)

//export lwsgo_client_measured
func lwsgo_client_measured(slot C.uint32_t, measured *C.struct_golws_measured, addresses *C.struct_golws_found_address,
	most C.int) (count C.int) {
	defer guard("lws_conmon_wsi_take", &count, 0)
	c := connection(slot)
	if c == nil {
		return 0
	}
	m := c.Measured()
	measured.lookup, measured.connect = C.uint32_t(m.Lookup), C.uint32_t(m.Connect)
	measured.handshake, measured.response = C.uint32_t(m.Handshake), C.uint32_t(m.Response)
	kept := c.Addresses()
	if len(kept) == 0 || len(kept) > int(most) {
		return C.int(len(kept))
	}
	to := unsafe.Slice(addresses, len(kept))
	for i, a := range c.TakeAddresses() {
		ip := a.Addr().Unmap()
		to[i].family, to[i].port = 6, C.uint16_t(a.Port())
		if ip.Is4() {
			to[i].family = 4
		}
		if zone := ip.Zone(); zone != "" {
			if device, err := net.InterfaceByName(zone); err == nil {
				to[i].scope = C.uint32_t(device.Index)
			}
		}
		for n, b := range ip.AsSlice() {
			to[i].bytes[n] = C.uchar(b)
		}
	}
	return C.int(len(kept))
}
