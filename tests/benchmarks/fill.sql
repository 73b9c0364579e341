-- Fills an empty, migrated database with :rows synthetic products of the whole country, and with the
-- units, producers, ratings and rights that their features are built from. The same rows every
-- time: everything is drawn from the row's number. Nothing in it is true.

-- Triggers and foreign keys are checked elsewhere; here they would only take time.
SET session_replication_role = replica;

CREATE FUNCTION pg_temp.draw(row_number bigint, salt bigint, one_of int) RETURNS int
LANGUAGE sql IMMUTABLE AS
$$ SELECT ((hashint8extended(row_number, salt) & 2147483647) % one_of)::int $$;

CREATE FUNCTION pg_temp.pick(row_number bigint, salt bigint, words text[]) RETURNS text
LANGUAGE sql IMMUTABLE AS
$$ SELECT words[1 + pg_temp.draw(row_number, salt, array_length(words, 1))] $$;

CREATE FUNCTION pg_temp.place_name(row_number bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_temp.pick(row_number, 1, ARRAY[
    'Phước', 'Vĩnh', 'An', 'Tân', 'Bình', 'Hòa', 'Mỹ', 'Long', 'Thanh', 'Xuân', 'Ninh', 'Quảng',
    'Đông', 'Tây', 'Nam', 'Lộc', 'Phú', 'Thạnh', 'Hưng', 'Bắc', 'Đại', 'Cẩm', 'Yên', 'Kim'])
  || ' ' || pg_temp.pick(row_number, 2, ARRAY[
    'Hải', 'Sơn', 'Dân', 'Hữu', 'Thuận', 'Lộc', 'Thành', 'Hòa', 'An', 'Phú', 'Thịnh', 'Trung',
    'Lâm', 'Điền', 'Châu', 'Giang', 'Khê', 'Mỹ', 'Đức', 'Quang', 'Thắng', 'Tiến', 'Lập', 'Hậu']) $$;

-- One district has a fifth of all.
CREATE FUNCTION pg_temp.district(row_number bigint, salt bigint) RETURNS int
LANGUAGE sql IMMUTABLE AS
$$ SELECT 100 + CASE WHEN row_number % 5 = 0 THEN 0 ELSE pg_temp.draw(row_number, salt, 10000) % 700 END $$;

INSERT INTO geodata_source (id, title, publisher, document_number, url, licence)
SELECT i, 'Bài báo số ' || i, 'Báo mẫu', '', 'https://example.org/bai/' || i, ''
FROM generate_series(1, 2000) i;

-- 63 provinces, 700 districts and 10,000 communes until 1 July 2025, 3,300 communes since.
INSERT INTO districts_unit
    (id, public_id, code, level, kind, name, name_en, parent_id, validity, official_area_source, source_id)
SELECT i, to_char(i, 'FM00'), to_char(i, 'FM00'), 1, 'tỉnh', pg_temp.place_name(i), '', NULL,
    '(,)'::daterange, '', 1
FROM generate_series(1, 63) i
UNION ALL
SELECT 100 + i, (100 + i)::text, (100 + i)::text, 2, 'huyện', pg_temp.place_name(100 + i), '',
    1 + i % 63, '(,2025-07-01)'::daterange, '', 1
FROM generate_series(0, 699) i
UNION ALL
SELECT 10000 + i, (10000 + i)::text, (10000 + i)::text, 3, 'xã', pg_temp.place_name(10000 + i), '',
    100 + i % 700, '(,2025-07-01)'::daterange, '', 1
FROM generate_series(0, 9999) i
UNION ALL
SELECT 20000 + i, (20000 + i) || '-2025-07-01', (20000 + i)::text, 3, 'xã',
    pg_temp.place_name(20000 + i), '', 1 + i % 63, '[2025-07-01,)'::daterange, '', 1
FROM generate_series(0, 3299) i;

INSERT INTO register_category (id, scheme, code, name, name_en, source_id)
SELECT i, 'QD148', (ARRAY['I', 'II', 'III', 'IV', 'V', 'VI'])[i], (ARRAY['Thực phẩm', 'Đồ uống',
    'Dược liệu và sản phẩm từ dược liệu', 'Hàng thủ công mỹ nghệ', 'Sinh vật cảnh',
    'Dịch vụ du lịch cộng đồng, du lịch sinh thái và điểm du lịch'])[i], '', 1
FROM generate_series(1, 6) i;

-- A coarse outline of the country; the points in it come from the seed.
CREATE TEMPORARY TABLE located AS
SELECT row_number() OVER () AS i, point.geom AS point
FROM ST_Dump(ST_GeneratePoints(ST_GeomFromText(
    'POLYGON((102.2 22.4,103 22.5,104 22.7,105.3 23.3,106.7 22.8,107.9 21.6,106.8 20.7,106.5 20.2,'
    '105.8 19.2,106.4 18,107.3 16.9,108.2 16.1,108.9 15.2,109.25 13.5,109.3 12.6,109 11.5,108 10.7,'
    '107 10.4,106.7 9.8,106 9.3,105.2 8.7,104.8 9.6,104.6 10.4,105.9 11.1,106.4 11.7,107.4 12.4,'
    '107.5 14.4,107.3 15.5,106.6 16.4,105.6 17.6,104.9 18.6,104 19.4,104.6 20.4,103.2 20.8,'
    '102.9 21.7,102.2 22.4))', 4326), :rows, 2026)) AS point;

INSERT INTO register_producer
    (id, code, name, state, state_reason, published_at, updated_at, source_id, note, search_text,
     position, address, commune_id, old_commune_id, district_id, kind, kind_basis, activity, website,
     phone, email)
SELECT i, 'VN-PR-' || to_char(i, 'FM0000000'),
    pg_temp.pick(i, 3, ARRAY['HTX Nông nghiệp', 'HTX Dịch vụ Tổng hợp', 'Công ty TNHH', 'Hộ kinh doanh',
        'Tổ hợp tác', 'Cơ sở']) || ' ' || pg_temp.place_name(i) || ' ' || i,
    'published', '', '2026-01-01 00:00:00+07', '2026-01-01 00:00:00+07', 1 + i % 2000, '', '',
    '', '', 20000 + pg_temp.draw(i, 4, 3300), 10000 + pg_temp.draw(i, 4, 10000),
    pg_temp.district(i, 4),
    pg_temp.pick(i, 5, ARRAY['cooperative', 'company', 'household', 'group']), 'stated', '', '', '', ''
FROM generate_series(1, :rows / 3) i;

INSERT INTO ocop_product
    (id, code, name, name_en, name_basis, original_name, state, state_reason, published_at, updated_at,
     source_id, note, search_text, point, position, address, commune_id, old_commune_id, district_id, category_id,
     category_basis, type_basis, sector, sector_basis, producer_id, producer_basis, description, gtin,
     trace_url, quote)
SELECT i, 'VN-OCOP-' || to_char(i, 'FM0000000'),
    pg_temp.pick(i, 6, ARRAY['Mật nho', 'Nước mắm', 'Táo sấy dẻo', 'Rượu vang', 'Mật ong', 'Trà xanh',
        'Gạo nếp', 'Muối hạt', 'Hành tím', 'Tỏi', 'Măng tây', 'Nha đam', 'Dưa lưới', 'Bưởi', 'Cà phê',
        'Hạt điều', 'Tinh dầu tràm', 'Cao đương quy', 'Gốm', 'Thổ cẩm', 'Nón lá', 'Hoa lan', 'Mai vàng',
        'Bánh tráng', 'Chả mực', 'Khô cá', 'Yến sào', 'Đường thốt nốt', 'Sầu riêng', 'Du lịch sinh thái'])
        || ' ' || pg_temp.place_name(i),
    CASE WHEN i % 3 = 0 THEN 'Specialty ' || i ELSE '' END, 'stated', '', 'published', '',
    '2026-01-01 00:00:00+07', timestamptz '2026-01-01 00:00:00+07' + pg_temp.draw(i, 7, 25000000) * interval '1 second',
    1 + i % 2000, '', '',
    located.point, pg_temp.pick(i, 8, ARRAY['survey', 'gps', 'map', 'address']),
    '', 20000 + pg_temp.draw(i, 9, 3300), 10000 + pg_temp.draw(i, 9, 10000),
    pg_temp.district(i, 9), 1 + pg_temp.draw(i, 10, 6), 'stated', '',
    pg_temp.pick(i, 11, ARRAY['crops', 'livestock', 'aquaculture', 'processing', 'crafts', 'services']),
    'stated', 1 + pg_temp.draw(i, 12, :rows / 3), 'stated', '',
    CASE WHEN i % 4 = 0 THEN (8930000000000 + i)::text ELSE '' END,
    CASE WHEN i % 5 = 0 THEN 'https://example.org/truy-xuat/' || i ELSE '' END, ''
FROM located;

-- Decided on a known day of the last five years, some only in a known year; every eighth product twice,
-- every tenth never.
INSERT INTO ocop_ocoprating (product_id, stars, decided, decision_text, issuer, source_id)
SELECT i, 3 + pg_temp.draw(i, 13, 2),
    CASE WHEN i % 7 = 0 THEN daterange(make_date(2023 + pg_temp.draw(i, 14, 3), 1, 1),
            make_date(2024 + pg_temp.draw(i, 14, 3), 1, 1))
        ELSE daterange(date '2022-06-01' + pg_temp.draw(i, 14, 1500),
            date '2022-06-02' + pg_temp.draw(i, 14, 1500)) END,
    'Quyết định ' || pg_temp.draw(i, 15, 900) || '/QĐ-UBND', 'UBND', 1 + i % 2000
FROM generate_series(1, :rows) i WHERE i % 10 <> 0
UNION ALL
SELECT i, 3, daterange('2019-01-01', '2020-01-01'), 'Đợt 1', 'UBND', 1 + i % 2000
FROM generate_series(1, :rows) i WHERE i % 8 = 0;

INSERT INTO rights_ipright
    (id, code, name, state, state_reason, published_at, updated_at, source_id, note, search_text, kind,
     stage, number, decision, owner, status_note, goods, sector, sector_basis, area_note, quote)
SELECT i, 'VN-IP-' || to_char(i, 'FM000'), 'Đặc sản ' || pg_temp.place_name(i), 'published', '',
    '2026-01-01 00:00:00+07', '2026-01-01 00:00:00+07', 1, '', '', 'geographical_indication',
    'registered', '', '', '', '', '', '', '', '', ''
FROM generate_series(1, 200) i;

INSERT INTO ocop_protectedproduct (right_id, product_id, source_id)
SELECT 1 + pg_temp.draw(i, 16, 200), i, 1 FROM generate_series(1, :rows) i WHERE i % 20 = 1;

UPDATE ocop_product SET search_text = geodata_fold(concat_ws(' ', name, name_en,
    (SELECT name FROM register_producer WHERE id = producer_id),
    (SELECT string_agg(full_name, ' ') FROM districts_unit
     WHERE id IN (commune_id, old_commune_id, district_id))));

INSERT INTO geodata_revision (id, number, changed_at) VALUES (1, 1, '2026-01-01 00:00:00+07');

-- The update left every product in the table twice.
VACUUM FULL ocop_product;
VACUUM ANALYZE;
