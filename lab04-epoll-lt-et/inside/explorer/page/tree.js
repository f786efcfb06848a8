// Where the nodes of a red-black tree go: each has its column from its place in
// the tree's order, so that nothing ever overlaps.

// Calls VISIT(index, depth) for each node below ROOT, in order.
function walk(items, root, depth, visit) {
	if (root < 0)
		return;
	walk(items, items[root].left, depth + 1, visit);
	visit(root, depth);
	walk(items, items[root].right, depth + 1, visit);
}

// WIDTHS are those of the nodes. Returns { nodes: [ { index, x, y } ], width,
// height }, with x and y of each node's corner.
export function treeLayout(epoll, widths, { gap, row, node }) {
	const nodes = [];
	let x = 0;
	let deepest = -1;

	walk(epoll.items, epoll.root, 0, (index, depth) => {
		nodes.push({ index, x, y: depth * row });
		x += widths[index] + gap;
		deepest = Math.max(deepest, depth);
	});
	return { nodes, width: Math.max(0, x - gap),
		height: deepest < 0 ? 0 : deepest * row + node };
}
