/** Signatures that others have made: RFC 7515's example, and the samples of MKS 3.2.6 and 9.2. */

/** RFC 7515 A.2.1: a key that the whole world knows. */
export const rfc7515Key = {
  kty: 'RSA',
  n:
    'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt' +
    '0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSX' +
    'ndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5' +
    'IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
  e: 'AQAB',
  d:
    'Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol' +
    '2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn43' +
    '9X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8' +
    'bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ',
  p:
    '4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_' +
    'Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc',
  q:
    'uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7Tje' +
    'LQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc',
  dp:
    'BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOK' +
    'nu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0',
  dq:
    'h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U' +
    '0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU',
  qi:
    'IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5' +
    'cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U',
};

/** RFC 7515 A.2.1: the whole JWS; its header is the one that MKS asks for. */
export const rfc7515Jws =
  'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGx' +
  'lLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5R' +
  'Zmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrn' +
  'byTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHW' +
  'EsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0ig' +
  'cN_IoypGlUPQGe77Rw';

/** MKS 9.2: an answer as MKK signed it (its key is not known here). */
export const sampleAnswer =
  'eyJhbGciOiJSUzI1NiJ9.eyJtZnVuZFRyYWRlRGV0YWlscyI6e30sInJlc3BvbnNlIjp7InJlc3BvbnNlQ29kZSI' +
  '6Ik1GMDQiLCJyZXNwb25zZURlc2MiOiJNRjA0OiBNZXNhasSxIEfDtm5kZXJlbiBSZWZlcmFuc8SxIMOceWUgYmF' +
  '6xLFuZGEgLXVuaXF1ZS0gb2xtYWzEsWTEsXIuIn0sInJlc3BvbnNlSGVhZGVyIjp7InJlY2VpdmVyTWVtYmVyIjo' +
  'iTUtLIiwic2VuZGVyUmVmZXJlbmNlIjoiTUVfVEVTVF9ZRl8xMjEifX0.Y8-fXv7eU9QZkQvd49dMpAV-kwF36oZ' +
  'F-SWrTmvnE-tG6633Ufb0bzEG9i3-Q3PUNYMqc7adtaMzQOHhJbjaRXWvyR5iKLjgGv4E7q2wbf-Sg3qsYTdRUdO' +
  'qE99JiITDiIbx6Bi5yDtwsf0H0ziNkPZUZWoXPAOERpuSofaMJFXGKdpGE5j5hmjnXMmx7Jy2nQMdFjMJqEaailf' +
  'DzGNnzCyD7X8H5w7ASwz4yxX4r5lEy8O6CusMYsQywyaFSpqcZqJt4U98hy_iXY_3z4yooFemTQaVufufL3FH75C' +
  'NKv4XLjBA9E9qSj1pqK8q2_B4k8U2PbFdShH9bGMAMBOpkA';

/** MKS 9.2: a member's request. */
export const sampleRequest =
  'eyJhbGciOiJSUzI1NiJ9.ew0KICAicmVxdWVzdEhlYWRlciI6IHsNCiAgICAic2VuZGVyUmVmZXJlbmNlIjogIk1' +
  'FX1RFU1RfWUZfMTIxIiwNCiAgICAic2VuZGVyTWVtYmVyIjogIlRJQiIsDQogICAgInNlbmRlciI6ICJUSUI5OTE' +
  'iDQogIH0sDQogICJpc3N1ZXJNZW1iZXJDb2RlIjogIlRSSVNQIiwNCiAgInByb2Nlc3NEYXRlIjogIjIwMjMwNjA' +
  '2IiwNCiAgIm9wU3RhdCI6IktPIg0KfQ.D_E32KzX8BHbmr8At99znYScvfjkgbg5N_LD8CAP2GE7hb4gKPH8Kko2' +
  'V4551RDxFZ-4Es7-5lNo4i8fL-JITCUXiEJnE_qYaUZcaugjuWGX6vpJa5mwLHYaVL8Vj6wREnf9g_hOCyqIJ2sX' +
  'q3KUIj234adoFP1_bF68Esp7E9BhMSPm6gVX0-CU8tSOGwUHoYHFey-H2JgakO9gSoS58EKgkedeIdQNpV0unsQz' +
  'vm5iBZtMKI078mS6U8KGr8Mpw2SYLhzvqGzg7yMsaKriuy3gBUIRWe73_OeF85Yw89d2qvl7d7BxTma94MzBjKZt' +
  'pJ5OZ2Z7iaUx0-RGKIKzpg';

/** MKS 3.2.6: a token, with a reason among its claims. */
export const sampleToken =
  'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJpZGciLCJzdWIiOiJhZG1pblRva2VuIiwiZXhwIjoxNjkwNzkxODYyLCJ' +
  'qdGkiOiIzNzUyYzU3Ni04NzhmLTQxMWQtOThjYy02YjIxM2NkZmVkYTIiLCJjbGFpbSI6eyJhdXRoIjoiT0siLCJ' +
  'pcExpc3QiOltudWxsXSwicmVhc29uIjoiVElCOTkxIGnDp2luIHRhbsSxbWzEsSBpcCBhZHJlc2kgYnVsdW5hbWF' +
  'kaSEuICIsInJlc3BvbnNlSGVhZGVyIjp7Im1lc3NhZ2VJZCI6IjkwNjk5NzM5NiIsInJlY2VpdmVyTWVtYmVyIjo' +
  'iTUtLIiwic2VuZGVyUmVmZXJlbmNlIjoiTUVfVEVTVF9BVVRIXzAwMiJ9fX0.hk1oWFhGxpo8jK0Ulizt4MVmXAR' +
  'JhjCX_ZJBwzkO6e_T1lLKmOSslE040d4qDv1DCW6X3CzE6DMbOxMy5c5GY396ZdEARlcCNFiRlLKZtf9Dc1IpHIh' +
  'xSPXjc3W1w_dDh2EyJVnOvSk5cp72gcbBk8FLBoYSkf_7jKs6Qz6v14gG_QbzFAttqanOLf7kC6NJuUqjUqKwv-l' +
  'glR_5RJGhEh65pbRVSLVSbZxuc4m0j3YbI9FE4dTOBjeWaTghD4QavJtH92yhmPiR8PabKLthtC1d0FYcjIpGX95' +
  'Hnej9VgKMhvRJrLiBJ1oiPJMsG7QVlV3wE_6iUkvV2fksJK6uxw';
