package conn

import "time"

func (c *Conn) setDeadline(which int, when int64) {
	c.deadline[which] = when
	c.scheduleEarliest()
}

func (c *Conn) cancelDeadline(which int) {
	// The timer may be early then; Expired finds nothing due and schedules the next one.
	c.deadline[which] = 0
}

func (c *Conn) scheduleEarliest() {
	var earliest int64
	for _, when := range c.deadline {
		if when != 0 && (earliest == 0 || when < earliest) {
			earliest = when
		}
	}
	switch {
	case earliest == 0:
		c.thread.Loop.Cancel(&c.timer)
	case c.timer.Pending() && c.timer.When() <= earliest:
		// An early timer is cheaper than moving it on every message.
	default:
		c.thread.Loop.Schedule(&c.timer, c, earliest)
	}
}

// SetTimeout closes the connection when the time has passed, unless it is set anew before.
// Zero or negative time and NoPendingTimeout mean no limit.
func (c *Conn) SetTimeout(reason Timeout, d time.Duration) {
	c.timeoutReason = reason
	if reason == NoPendingTimeout || d <= 0 {
		c.timeoutReason = NoPendingTimeout
		c.cancelDeadline(deadlineTimeout)
		return
	}
	c.setDeadline(deadlineTimeout, c.thread.Loop.Now()+d.Microseconds())
}

// TimeoutReason is what the present time limit is for.
func (c *Conn) TimeoutReason() Timeout { return c.timeoutReason }

// SetTimer has the TimerExpired callback delivered once after d; negative cancels it.
func (c *Conn) SetTimer(d time.Duration) {
	if d < 0 {
		c.cancelDeadline(deadlineUser)
		return
	}
	c.setDeadline(deadlineUser, c.thread.Loop.Now()+max(d.Microseconds(), 0)+1)
}

// StartValidity begins to check, as the host's policy says, that an idle peer is still there.
func (c *Conn) StartValidity() {
	c.ValidityConfirmed()
	c.scheduleValidity()
}

// ValidityConfirmed notes that the peer proved to be there, who is the same for all streams of a connection. It costs
// no timer operation.
func (c *Conn) ValidityConfirmed() {
	if c.parent != nil {
		c.parent.ValidityConfirmed()
	}
	c.validSince = c.thread.Loop.Now()
	c.hangup = false
}

func (c *Conn) scheduleValidity() {
	policy := c.RetryPolicy()
	when := c.validSince + policy.ValidPing.Microseconds()
	if c.hangup {
		// The ping is on its way. The next one is due as if this one were answered at once.
		when = c.thread.Loop.Now() + policy.ValidPing.Microseconds()
	}
	if hangup := c.validSince + policy.ValidHangup.Microseconds(); policy.ValidHangup > 0 &&
		(policy.ValidPing <= 0 || hangup < when) {
		when = hangup
	}
	if policy.ValidPing <= 0 && policy.ValidHangup <= 0 {
		c.cancelDeadline(deadlineValidity)
		return
	}
	c.setDeadline(deadlineValidity, when)
}

// Expired serves the deadlines that are due.
func (c *Conn) Expired(now int64) {
	if c.state == stateDead {
		return
	}
	c.enter()
	if when := c.deadline[deadlineUser]; when != 0 && when <= now && c.Open() {
		c.deadline[deadlineUser] = 0
		if c.Callback(TimerExpired) != 0 {
			c.Finish()
		}
	}
	if when := c.deadline[deadlineValidity]; when != 0 && when <= now && c.Open() {
		c.deadline[deadlineValidity] = 0
		c.validityDue(now)
	}
	if when := c.deadline[deadlineTimeout]; when != 0 && when <= now && !c.killed {
		c.deadline[deadlineTimeout] = 0
		reason := c.timeoutReason
		c.timeoutReason = NoPendingTimeout
		// How long a stream takes to send its rest depends on the peer's credit, which the role judges.
		judged := c.state == stateOpen || c.parent != nil && c.state == stateFlushing
		if !judged || !c.role.TimedOut(c, reason) {
			c.killed = true
		}
	}
	if !c.killed {
		c.scheduleEarliest()
	}
	c.leave()
	c.thread.settle()
}

func (c *Conn) validityDue(now int64) {
	idle := time.Duration(now-c.validSince) * time.Microsecond
	policy := c.RetryPolicy()
	switch {
	case policy.ValidHangup > 0 && idle >= policy.ValidHangup:
		if c.thread.Handler.Logs(LogInfo) {
			c.thread.Handler.Log(LogInfo, "peer gave no sign of life, closing")
		}
		c.killed = true
		return
	case policy.ValidPing > 0 && idle >= policy.ValidPing && !c.hangup:
		c.hangup = true
		if !c.role.CheckValidity(c) {
			return
		}
	}
	c.scheduleValidity()
}
