package main

// #include "lwsgo.h"
import "C"

import (
	"errors"
	"time"
	"unsafe"

	"golws/callbacks"
	"golws/engine/conn"
)

func connection(slot C.uint32_t) *conn.Conn { return callbacks.Connection(uint32(slot)) }

//export lwsgo_write
func lwsgo_write(slot C.uint32_t, buffer unsafe.Pointer, n C.size_t, kind C.int) (result C.int) {
	defer guard("lws_write", &result, -1)
	c := connection(slot)
	if c == nil {
		return -1
	}
	written, err := c.Write(unsafe.Slice((*byte)(buffer), int(n)), conn.WriteKind(kind))
	if err != nil {
		if !errors.Is(err, conn.ErrClosed) {
			callbacks.Log(conn.LogError, "lws_write: "+err.Error())
		}
		return -1
	}
	return C.int(written)
}

//export lwsgo_choked
func lwsgo_choked(slot C.uint32_t) (result C.int) {
	defer guard("lws_send_pipe_choked", &result, 1)
	if c := connection(slot); c != nil && !c.Choked() {
		return 0
	}
	return 1
}

//export lwsgo_writable_now
func lwsgo_writable_now(slot C.uint32_t) (ends C.int) {
	defer guard("lws_handle_POLLOUT_event", &ends, 1)
	if c := connection(slot); c != nil && c.WritableNow() {
		return 0
	}
	return 1
}

//export lwsgo_partial_buffered
func lwsgo_partial_buffered(slot C.uint32_t) (result C.int) {
	defer guard("lws_partial_buffered", &result, 0)
	if c := connection(slot); c != nil && c.Blocked() {
		return 1
	}
	return 0
}

//export lwsgo_raw_completed
func lwsgo_raw_completed(slot C.uint32_t) (result C.int) {
	defer guard("lws_raw_transaction_completed", &result, -1)
	c := connection(slot)
	if c == nil || c.QueuedBytes() == 0 {
		return -1
	}
	c.Finish()
	return 0
}

//export lwsgo_rx_flow_control
func lwsgo_rx_flow_control(slot C.uint32_t, enable C.int) (result C.int) {
	defer guard("lws_rx_flow_control", &result, -1)
	c := connection(slot)
	if c == nil {
		return -1
	}
	if enable&1 != 0 {
		c.Resume(conn.PauseByProgram)
	} else {
		c.Pause(conn.PauseByProgram)
	}
	return 0
}

//export lwsgo_credit
func lwsgo_credit(slot C.uint32_t, peerToUs C.int) (result C.int64_t) {
	defer guard("lws_wsi_tx_credit", &result, -1)
	c := connection(slot)
	if c == nil {
		return -1
	}
	role, ok := c.Role().(conn.FlowController)
	switch {
	case !ok:
		return -1
	case peerToUs != 0:
		return C.int64_t(role.ReceiveCredit(c))
	}
	return C.int64_t(role.SendCredit(c))
}

//export lwsgo_give_credit
func lwsgo_give_credit(slot C.uint32_t, stream, n C.int) (result C.int) {
	defer guard("lws_h2_update_peer_txcredit", &result, 1)
	c := connection(slot)
	if c == nil {
		return 1
	}
	if n <= 0 {
		callbacks.Log(conn.LogError, "lws_h2_update_peer_txcredit: credit can only be added")
		return 1
	}
	role, ok := c.Role().(conn.FlowController)
	if !ok {
		callbacks.Log(conn.LogError, "lws_h2_update_peer_txcredit: this connection has no flow control of its own")
		return 1
	}
	if !role.GrantCredit(c, int(stream), int(n)) {
		callbacks.Log(conn.LogError, "lws_h2_update_peer_txcredit: no such stream, or more credit than there can be")
		return 1
	}
	return 0
}

//export lwsgo_set_timeout_us
func lwsgo_set_timeout_us(slot C.uint32_t, reason C.int, us C.int64_t) {
	defer guardVoid("lws_set_timeout")
	if c := connection(slot); c != nil {
		c.Thread().Loop.Refresh()
		c.SetTimeout(conn.Timeout(reason), time.Duration(us)*time.Microsecond)
	}
}

//export lwsgo_set_timer_us
func lwsgo_set_timer_us(slot C.uint32_t, us C.int64_t) {
	defer guardVoid("lws_set_timer_usecs")
	if c := connection(slot); c != nil {
		c.Thread().Loop.Refresh()
		c.SetTimer(time.Duration(us) * time.Microsecond)
	}
}

//export lwsgo_validity_confirmed
func lwsgo_validity_confirmed(slot C.uint32_t) {
	defer guardVoid("lws_validity_confirmed")
	if c := connection(slot); c != nil {
		c.ValidityConfirmed()
	}
}

//export lwsgo_kill
func lwsgo_kill(slot C.uint32_t, synchronous C.int) {
	defer guardVoid("lws_set_timeout")
	c := connection(slot)
	if c == nil {
		return
	}
	if synchronous != 0 {
		c.Kill()
	} else {
		c.KillSoon()
	}
}
