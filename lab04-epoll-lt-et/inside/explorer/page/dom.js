// Elements are made by code, and text goes in as text: whatever a script says,
// it is never read as HTML.

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, attributes, children) {
	for (const [name, value] of Object.entries(attributes)) {
		if (value === null || value === undefined || value === false)
			continue;
		if (name.startsWith('on'))
			element.addEventListener(name.slice(2), value);
		else
			element.setAttribute(name, value === true ? '' : value);
	}
	element.append(...children.filter((child) => child !== null));
	return element;
}

// An element of HTML. "onclick" and the like are listeners.
export function make(tag, attributes = {}, ...children) {
	return fill(document.createElement(tag), attributes, children);
}

// An element of SVG.
export function makeSvg(tag, attributes = {}, ...children) {
	return fill(document.createElementNS(SVG, tag), attributes, children);
}

export function byId(id) {
	return document.getElementById(id);
}
