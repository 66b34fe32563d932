// A WebSocket to this server that comes back when it was lost.

const url = location.protocol.replace("http", "ws") + "//" + location.host + "/";

export function connect(protocol, { opened = () => {}, received, closed = () => {} }) {
	const connection = { socket: null, send: (text) => connection.socket.send(text) };

	function open() {
		connection.socket = new WebSocket(url, protocol);
		connection.socket.onopen = () => opened(connection);
		connection.socket.onmessage = (event) => received(JSON.parse(event.data));
		connection.socket.onclose = () => {
			closed();
			setTimeout(open, 1000);
		};
	}

	open();
	return connection;
}

export function connectOnce(protocol) {
	return new WebSocket(url, protocol);
}
