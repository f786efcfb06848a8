// What moved is seen moving: each thing starts where it was, or, if it is new,
// where it came from, and glides to its place.

const GLIDE = { duration: 600, easing: 'ease-in-out' };

export function placesOf(picture) {
	return new Map(picture.things.map((thing) => [thing.key, thing]));
}

function cameFrom(thing, before) {
	for (const key of [thing.key, ...(thing.from ?? [])])
		if (before.has(key))
			return before.get(key);
	return null;
}

// Animates the groups of PICTURE from where they were in BEFORE, a map that
// placesOf() made. Nobody has to see it: see prefers-reduced-motion.
export function glide(picture, groups, before) {
	if (matchMedia('(prefers-reduced-motion: reduce)').matches)
		return;
	for (const thing of picture.things) {
		const old = cameFrom(thing, before);
		const place = `translate(${thing.x}px, ${thing.y}px)`;

		if (!old)
			groups.get(thing.key).animate([{ opacity: 0 }, { opacity: 1 }],
				GLIDE);
		else if (old.x !== thing.x || old.y !== thing.y)
			groups.get(thing.key).animate([
				{ transform: `translate(${old.x}px, ${old.y}px)` },
				{ transform: place }], GLIDE);
	}
}
