import { connect } from "./socket.js";

const log = document.getElementById("chat-log");
const people = document.getElementById("people");
const nameField = document.getElementById("chat-name");
const textField = document.getElementById("chat-text");
const state = document.getElementById("connection");
let lastName = null;

function element(tag, className, text) {
	const made = document.createElement(tag);
	made.className = className;
	made.textContent = text;
	return made;
}

// The same colour for the same name on every page, dark enough for white letters.
function avatar(name) {
	const made = element("span", "avatar", [...name][0].toUpperCase());
	let hue = 0;
	for (const letter of name)
		hue = (hue + letter.codePointAt(0) * 137) % 360;
	made.style.backgroundColor = `hsl(${hue} 55% 40%)`;
	made.ariaHidden = "true";
	return made;
}

function showMessage({ name, text, time }) {
	const item = document.createElement("li");
	const when = new Date(time * 1000);
	const clock = element("time", "", when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
	const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;

	clock.dateTime = when.toISOString();
	item.append(avatar(name), element("span", "name", name), clock, element("span", "text", text));
	item.classList.toggle("same", name === lastName);
	lastName = name;
	log.append(item);
	while (log.children.length > 300)
		log.firstChild.remove();
	if (atEnd)
		log.scrollTop = log.scrollHeight;
}

function showPeople({ count, names }) {
	const more = count - names.length;

	people.textContent = `${count} here: ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
	people.dataset.count = count;
}

function setName(connection) {
	localStorage.setItem("name", nameField.value);
	if (nameField.value.trim() && connection.socket.readyState === WebSocket.OPEN)
		connection.send("name:" + nameField.value.trim());
}

export function startChat() {
	nameField.value = localStorage.getItem("name") ?? "";

	const connection = connect("golws-chat", {
		opened() {
			state.textContent = "connected";
			state.classList.add("open");
			// the server sends its history again
			log.replaceChildren();
			lastName = null;
			setName(connection);
		},
		received(message) {
			if (message.type === "message")
				showMessage(message);
			else
				showPeople(message);
		},
		closed() {
			state.textContent = "reconnecting";
			state.classList.remove("open");
		},
	});

	nameField.addEventListener("change", () => setName(connection));
	document.getElementById("chat-form").addEventListener("submit", (event) => {
		event.preventDefault();
		if (connection.socket.readyState !== WebSocket.OPEN || !textField.value.trim())
			return;
		connection.send("say:" + textField.value);
		textField.value = "";
	});
}
