#ifndef GOLWS_ABSTRACT_RAW_SKT_H
#define GOLWS_ABSTRACT_RAW_SKT_H

/** Parameters of the transport "raw_skt", a TCP connection. \ingroup abstract */
enum {
	LTMI_PEER_V_DNS_ADDRESS = LTMI_TRANSPORT_BASE,	/**< value: host to connect to */
	LTMI_PEER_LV_PORT,				/**< lvalue: its port */
	LTMI_PEER_LV_TLS_FLAGS,				/**< lvalue: LCCSCF_... flags */
};

#endif
