-- SPDX-License-Identifier: MIT
--
-- A text of the tree becomes a page: links to texts lead to their pages, links
-- to other files to pages that show them, links to what the site has not lose
-- their address. A diagram in mermaid's language becomes the picture that has
-- been drawn of it, if there is one, and a table gets a box that scrolls.
--
-- From the environment: PAGE (the text's path from the top of the tree), TOP
-- (the tree), DIAGRAMS (a folder of HASH.mmd, the diagrams found, and HASH.svg,
-- the pictures), SHOWN (a file; the paths that pages have to be made for are
-- appended to it).

local page = os.getenv('PAGE')
local top = os.getenv('TOP')
local diagrams = os.getenv('DIAGRAMS')
local shown = os.getenv('SHOWN')

local function read(path)
	local file = io.open(path)
	if not file then
		return nil
	end
	local text = file:read('a')
	file:close()
	return text
end

local function append(path, line)
	local file = assert(io.open(path, 'a'))
	file:write(line, '\n')
	file:close()
end

-- PATH from the folder of the page as a path from the top: without "." and "..".
local function from_top(path)
	local parts = {}
	local folder = page:match('^(.*/)[^/]*$') or ''
	for part in (folder .. path):gmatch('[^/]+') do
		if part == '..' then
			table.remove(parts)
		elseif part ~= '.' then
			table.insert(parts, part)
		end
	end
	return table.concat(parts, '/')
end

local function is_folder(path)
	return os.rename(path .. '/', path .. '/') ~= nil
end

function Link(link)
	local path, anchor = link.target:match('^([^#]*)(#?.*)$')
	if link.target:match('^%a[%a%d+.-]*:') or path == '' then
		return nil
	end
	local file = from_top(path)
	if path:match('%.html$') then
		if read(top .. '/' .. file) then
			append(shown, file)
			return nil
		end
		return link.content
	end
	if is_folder(top .. '/' .. file) then
		if read(top .. '/' .. file .. '/README.md') then
			link.target = path:gsub('/*$', '/README.html') .. anchor
			return link
		end
		append(shown, file)
		link.target = path:gsub('/*$', '/index.html')
		return link
	end
	if path:match('%.md$') then
		link.target = path:gsub('%.md$', '.html') .. anchor
	else
		append(shown, file)
		link.target = path .. '.html'
	end
	return link
end

function CodeBlock(block)
	if not block.classes:includes('mermaid') then
		return nil
	end
	local hash = pandoc.utils.sha1(block.text)
	local svg = read(diagrams .. '/' .. hash .. '.svg')
	if not svg then
		local file = assert(io.open(diagrams .. '/' .. hash .. '.mmd', 'w'))
		file:write(block.text)
		file:close()
		return nil
	end
	-- Smaller than this nobody can read it: it scrolls instead.
	svg = svg:gsub('max%-width: ([%d.]+)px;', function(width)
		return ('max-width: %spx; min-width: %dpx;'):format(width,
			math.floor(tonumber(width) * 0.7))
	end, 1)
	return pandoc.RawBlock('html',
		'<figure class="diagram" role="img" aria-label="Diagram">' ..
		svg .. '</figure>')
end

function Table(table_)
	return pandoc.Div({ table_ }, pandoc.Attr('', { 'table' }))
end
