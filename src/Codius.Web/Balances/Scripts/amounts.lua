-- Amounts are decimal strings without leading zeros, up to 2^64 - 1. Redis runs Lua 5.1, whose only number is a double,
-- exact to 2^53, so arithmetic on more than 15 digits uses two numbers: the last twelve digits and what is above them.
local maxAmount = '9223372036854775807'  -- 2^63 - 1, the most an account holds
local maxTotal = '18446744073709551615'  -- 2^64 - 1, the most a receipt's running total can be

local function compare(a, b)
  if a == b then return 0 end
  if #a ~= #b then return #a < #b and -1 or 1 end
  return a < b and -1 or 1
end

local function min(a, b)
  return compare(a, b) < 0 and a or b
end

local function split(a)
  if #a <= 12 then return 0, tonumber(a) end
  return tonumber(string.sub(a, 1, -13)), tonumber(string.sub(a, -12))
end

local function join(high, low)
  if high == 0 then return string.format('%.0f', low) end
  return string.format('%.0f%012.0f', high, low)
end

local function add(a, b)
  if b == '0' then return a end
  if #a <= 15 and #b <= 15 then return string.format('%d', a + b) end
  local aHigh, aLow = split(a)
  local bHigh, bLow = split(b)
  local high, low = aHigh + bHigh, aLow + bLow
  if low >= 1000000000000 then high, low = high + 1, low - 1000000000000 end
  return join(high, low)
end

-- a must not be below b.
local function subtract(a, b)
  if b == '0' then return a end
  if #a <= 15 then return string.format('%d', a - b) end
  local aHigh, aLow = split(a)
  local bHigh, bLow = split(b)
  local high, low = aHigh - bHigh, aLow - bLow
  if low < 0 then high, low = high - 1, low + 1000000000000 end
  return join(high, low)
end

-- Digits in groups of seven, lowest first: a group times a number below 10^8, plus a carry, is still exact.
local function limbs(a)
  local result = {}
  for last = #a, 1, -7 do
    result[#result + 1] = tonumber(string.sub(a, math.max(1, last - 6), last))
  end
  return result
end

-- (a * factor + addend) / divisor: the quotient and the remainder. factor and divisor are numbers below 10^8.
local function share(a, factor, addend, divisor)
  local product, plus, carry = limbs(a), limbs(addend), 0
  local count = math.max(#product, #plus) + 2
  for i = 1, count do
    local value = (product[i] or 0) * factor + (plus[i] or 0) + carry
    product[i] = value % 10000000
    carry = (value - product[i]) / 10000000
  end
  local quotient, rest = {}, 0
  for i = count, 1, -1 do
    local value = rest * 10000000 + product[i]
    rest = value % divisor
    quotient[#quotient + 1] = string.format('%07.0f', (value - rest) / divisor)
  end
  local text = string.gsub(table.concat(quotient), '^0+', '')
  return text == '' and '0' or text, string.format('%.0f', rest)
end
