package conn

// Reason says why the program's callback is called; the values are those of enum lws_callback_reasons.
type Reason int32

// The reasons that the engine uses.
const (
	Established                 Reason = 0
	ClientConnectionError       Reason = 1
	ClientFilterPreEstablish    Reason = 2
	ClientEstablished           Reason = 3
	Closed                      Reason = 4
	ClosedHTTP                  Reason = 5
	Receive                     Reason = 6
	ReceivePong                 Reason = 7
	ClientReceive               Reason = 8
	ClientReceivePong           Reason = 9
	ClientWriteable             Reason = 10
	ServerWriteable             Reason = 11
	HTTP                        Reason = 12
	HTTPBody                    Reason = 13
	HTTPBodyCompletion          Reason = 14
	HTTPFileCompletion          Reason = 15
	HTTPWriteable               Reason = 16
	FilterNetworkConnection     Reason = 17
	FilterHTTPConnection        Reason = 18
	ServerNewClientInstantiated Reason = 19
	FilterProtocolConnection    Reason = 20
	ClientAppendHandshakeHeader Reason = 24
	ConfirmExtensionOkay        Reason = 25
	ClientConfirmExtension      Reason = 26
	ProtocolInit                Reason = 27
	ProtocolDestroy             Reason = 28
	WSICreate                   Reason = 29
	WSIDestroy                  Reason = 30
	WSPeerInitiatedClose        Reason = 38
	WSExtDefaults               Reason = 39
	EstablishedClientHTTP       Reason = 44
	ClosedClientHTTP            Reason = 45
	ReceiveClientHTTP           Reason = 46
	CompletedClientHTTP         Reason = 47
	ReceiveClientHTTPRead       Reason = 48
	HTTPBindProtocol            Reason = 49
	HTTPDropProtocol            Reason = 50
	CheckAccessRights           Reason = 51
	ProcessHTML                 Reason = 52
	AddHeaders                  Reason = 53
	HTTPPMO                     Reason = 56
	ClientHTTPWriteable         Reason = 57
	RawReceive                  Reason = 59
	RawClose                    Reason = 60
	RawWriteable                Reason = 61
	RawAdopt                    Reason = 62
	RawAdoptFile                Reason = 63
	RawReceiveFile              Reason = 64
	RawWriteableFile            Reason = 65
	RawCloseFile                Reason = 66
	ChildClosing                Reason = 69
	EventWaitCancelled          Reason = 71
	TimerExpired                Reason = 73
	ClientClosed                Reason = 75
	ClientHTTPDropProtocol      Reason = 76
	WSServerBindProtocol        Reason = 77
	WSServerDropProtocol        Reason = 78
	WSClientDropProtocol        Reason = 80
	RawSocketBindProtocol       Reason = 81
	RawSocketDropProtocol       Reason = 82
	ClientHTTPBindProtocol      Reason = 85
	HTTPConfirmUpgrade          Reason = 86
	RawProxyClientReceive       Reason = 89
	RawProxyServerReceive       Reason = 90
	RawProxyClientClose         Reason = 91
	RawProxyServerClose         Reason = 92
	RawProxyClientWriteable     Reason = 93
	RawProxyServerWriteable     Reason = 94
	RawProxyClientAdopt         Reason = 95
	RawProxyServerAdopt         Reason = 96
	RawProxyClientBindProtocol  Reason = 97
	RawProxyServerBindProtocol  Reason = 98
	RawProxyClientDropProtocol  Reason = 99
	RawProxyServerDropProtocol  Reason = 100
	RawConnected                Reason = 101
	VerifyBasicAuthorization    Reason = 102
	ClientHTTPRedirect          Reason = 104
	Connecting                  Reason = 105
)

// Timeout is why a connection has a time limit; the values are those of enum pending_timeout.
type Timeout int32

// The timeouts that the engine sets.
const (
	NoPendingTimeout           Timeout = 0
	TimeoutProxyResponse       Timeout = 1
	TimeoutConnect             Timeout = 2
	TimeoutEstablishWithServer Timeout = 3
	TimeoutServerResponse      Timeout = 4
	TimeoutCloseAck            Timeout = 6
	TimeoutSSLAccept           Timeout = 9
	TimeoutHTTPContent         Timeout = 10
	TimeoutHandshakeSend       Timeout = 11
	TimeoutFlushBeforeClose    Timeout = 12
	TimeoutShutdownFlush       Timeout = 13
	TimeoutHTTPKeepAliveIdle   Timeout = 15
	TimeoutPongCheckSendPing   Timeout = 16
	TimeoutPongCheckGetPong    Timeout = 17
	TimeoutClientBody          Timeout = 18
	TimeoutSOCKSGreeting       Timeout = 19
	TimeoutSOCKSConnect        Timeout = 20
	TimeoutSOCKSAuth           Timeout = 21
	TimeoutCloseSend           Timeout = 24
	TimeoutHoldingHeaders      Timeout = 25
	TimeoutClientIdle          Timeout = 27
)

// WriteKind is what lws_write is asked to send; the values are those of enum lws_write_protocol.
type WriteKind uint32

// The kinds of write and the flags that may be added to them.
const (
	WriteText                    WriteKind = 0
	WriteBinary                  WriteKind = 1
	WriteContinuation            WriteKind = 2
	WriteHTTP                    WriteKind = 3
	WritePing                    WriteKind = 5
	WritePong                    WriteKind = 6
	WriteHTTPFinal               WriteKind = 7
	WriteHTTPHeaders             WriteKind = 8
	WriteHTTPHeadersContinuation WriteKind = 9
	WriteKindMask                WriteKind = 0x1f
	WriteBuflist                 WriteKind = 0x20
	WriteNoFin                   WriteKind = 0x40
	WriteStreamEnd               WriteKind = 0x80 // on a stream of HTTP/2; on a WebSocket client: no mask
)
